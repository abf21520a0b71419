import { io, type Socket } from 'socket.io-client'
import { LIVE_PATH, type LiveSamples, type PageToServer, type ServerToPage } from '../../../protocol/live.ts'
import { type Line, nextLine } from './line.ts'
import { isBehind, reduceWall, type WallMessage, type WallState } from './reducer.ts'

export type LiveConnectionDeps = {
  getWall: () => WallState
  setWall: (state: WallState) => void
  getLine: () => Line
  setLine: (line: Line) => void
  /** The collector's clock at this moment (ms), told with each message. */
  onCollectorTime: (at: number) => void
  onSamples: (samples: LiveSamples) => void
  onServerChanged: (serverId: string) => void
  onNetworkChanged: () => void
  onBackupsChanged: () => void
  onDutiesChanged: () => void
  /** The collector refuses this page: the session is to be checked. */
  onRefused: () => void
}

export type LiveConnection = {
  start(): void
  stop(): void
  watchServer(serverId: string | null): void
}

const TICK_MS = 1_000
/** Between two requests for a snapshot while one is on its way. */
const ASK_AGAIN_MS = 2_000
/** A socket that is open but mute for this long is closed and opened again. */
const MUTE_MS = 10_000

/** The live line to the collector: reconnects by itself and heals by asking for a snapshot. */
export function createLiveConnection(deps: LiveConnectionDeps): LiveConnection {
  const socket: Socket<ServerToPage, PageToServer> = io({
    path: LIVE_PATH,
    withCredentials: true,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8_000,
    timeout: 8_000,
  })
  let watched: string | null = null
  let lastHeardAt = Date.now()
  let askedAt = 0
  let timer: ReturnType<typeof setInterval> | undefined
  let stopped = false

  function askForSnapshot() {
    if (!socket.connected || Date.now() - askedAt < ASK_AGAIN_MS) return
    askedAt = Date.now()
    socket.emit('watch-wall', true)
  }

  function take(message: WallMessage, at: number) {
    lastHeardAt = Date.now()
    deps.onCollectorTime(at)
    const state = reduceWall(deps.getWall(), message)
    deps.setWall(state)
    if (isBehind(state)) askForSnapshot()
    // The line counts as healed only when the picture is true again, not when the socket opens.
    else deps.setLine(nextLine(deps.getLine(), { kind: 'heard', at: lastHeardAt }))
  }

  function tick() {
    const at = Date.now()
    deps.setLine(nextLine(deps.getLine(), { kind: 'tick', at, lastHeardAt }))
    if (socket.connected && isBehind(deps.getWall())) askForSnapshot()
    if (socket.connected && at - lastHeardAt > MUTE_MS) {
      lastHeardAt = at
      socket.disconnect().connect()
    }
    // After a refusal at the handshake the client does not try again by itself.
    if (!socket.connected && !socket.active && at - lastHeardAt > MUTE_MS) {
      lastHeardAt = at
      socket.connect()
    }
  }

  socket.on('connect', () => {
    askedAt = 0
    askForSnapshot()
    if (watched !== null) socket.emit('watch-server', watched)
  })
  socket.on('disconnect', () => {
    if (stopped) return
    deps.setLine(nextLine(deps.getLine(), { kind: 'disconnected', at: Date.now() }))
    if (!socket.active) setTimeout(() => !stopped && socket.connect(), 1_000)
  })
  socket.on('connect_error', () => {
    deps.setLine(nextLine(deps.getLine(), { kind: 'disconnected', at: Date.now() }))
    if (!socket.active) deps.onRefused()
  })
  socket.on('snapshot', wall => take({ kind: 'snapshot', wall }, wall.at))
  socket.on('patch', patch => take({ kind: 'patch', patch }, patch.at))
  socket.on('samples', deps.onSamples)
  socket.on('server-changed', change => deps.onServerChanged(change.serverId))
  socket.on('network-changed', deps.onNetworkChanged)
  socket.on('backups-changed', deps.onBackupsChanged)
  socket.on('duties-changed', deps.onDutiesChanged)
  socket.on('signed-out', deps.onRefused)

  return {
    start() {
      stopped = false
      lastHeardAt = Date.now()
      timer = setInterval(tick, TICK_MS)
      socket.connect()
    },
    stop() {
      stopped = true
      clearInterval(timer)
      socket.disconnect()
    },
    watchServer(serverId) {
      watched = serverId
      if (socket.connected) socket.emit('watch-server', serverId)
    },
  }
}
