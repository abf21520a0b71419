// The only broadcast: tails the change feed and tells each page what it looks at. Nothing is told to whom nobody looks.
import { randomUUID } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { LIVE_BEAT_MS, LIVE_PATH, type PageToServer, type ServerToPage } from '../../protocol/live.ts'
import { recordId } from '../../protocol/shapes.ts'
import { authenticate } from '../access/authenticate.ts'
import { isCrossSite } from '../access/csrf.ts'
import type { StateBoard } from '../availability/state-board.ts'
import type { Logger } from '../platform/logs.ts'
import type { Change, ChangeFeed } from '../stores/change-feed.ts'
import type { Records } from '../stores/records/records.ts'
import { type FiguresDeps, readServerFigures } from '../views/server-figures.ts'
import type { Wall } from '../views/wall.ts'
import { createNetworkWatch } from './network-watch.ts'
import { createWallPatches } from './wall-patches.ts'

/** Changes are gathered this long, so that a burst is one message; far under the second in which they must show. */
const GATHER_MS = 100
/** Tiles also change because nothing comes: silence is looked at each second. */
const LOOK_MS = 1_000
/** A page whose account or session ended is cut off at the latest after this. */
const RECHECK_MS = 30_000

type SocketData = { cookieHeader: string | undefined; https: boolean; userId: string; server: string | null }
type LiveServer = Server<PageToServer, ServerToPage, Record<string, never>, SocketData>
type LiveSocket = Socket<PageToServer, ServerToPage, Record<string, never>, SocketData>

export type Live = {
  /** Number of open pages. */
  pages(): number
  close(): Promise<void>
}

type LiveDeps = FiguresDeps & {
  http: HttpServer
  records: Records
  changes: ChangeFeed
  wall: Wall
  board: Pick<StateBoard, 'subjects' | 'standing'>
  now: () => number
  isHttps: (request: IncomingMessage) => boolean
  log: Logger
}

export function createLive(deps: LiveDeps): Live {
  const io: LiveServer = new Server(deps.http, {
    path: LIVE_PATH,
    serveClient: false,
    pingInterval: 10_000,
    pingTimeout: 5_000,
    maxHttpBufferSize: 16 * 1024,
    allowRequest: (request, decide) => decide(null, !isForeign(request)),
  })
  const network = createNetworkWatch(deps)
  const patches = createWallPatches({ epoch: randomUUID(), wall: deps.wall })
  const toldSamplesUntil = new Map<string, number>()
  let seenSeq = deps.changes.since(0).seq
  const touched = new Set<ReadAgain>()
  let gatherTimer: NodeJS.Timeout | undefined
  let telling: Promise<void> = Promise.resolve()

  io.use(async (socket, next) => {
    const { request } = socket
    const https = deps.isHttps(request)
    const cookieHeader = request.headers.cookie
    const user = await sessionUser(cookieHeader, https)
    if (user === null) return next(new Error('unauthenticated'))
    socket.data = { cookieHeader, https, userId: user.id, server: null }
    next()
  })

  io.on('connection', socket => {
    socket.on('watch-wall', on => {
      if (on !== true) return void socket.leave('wall')
      void socket.join('wall')
      socket.emit('snapshot', patches.snapshot(deps.now()))
    })
    socket.on('watch-server', serverId => watchServer(socket, serverId))
  })

  function watchServer(socket: LiveSocket, serverId: unknown): void {
    if (socket.data.server !== null) void socket.leave(roomOf(socket.data.server))
    const parsed = recordId.safeParse(serverId)
    socket.data.server = parsed.success ? parsed.data : null
    if (!parsed.success) return
    // The page reads for itself what there was when it came.
    if (!toldSamplesUntil.has(parsed.data)) {
      const seen = deps.current.all(parsed.data).map(value => value.at)
      toldSamplesUntil.set(parsed.data, Math.max(0, ...seen))
    }
    void socket.join(roomOf(parsed.data))
  }

  async function sessionUser(cookieHeader: string | undefined, https: boolean) {
    const who = await authenticate(
      { records: deps.records, adminTokenHash: null },
      { cookieHeader, authorizationHeader: undefined, https, at: deps.now() },
    )
    return who.user
  }

  async function tell(looks: 'at-changes' | 'at-all-states'): Promise<void> {
    const { changes, seq, lost } = deps.changes.since(seenSeq)
    seenSeq = seq
    if (lost || changes.some(change => change.kind === 'incident')) await deps.wall.refreshIncidents()
    const changed = changedServers(changes)
    const spoke = new Set(changes.flatMap(change => (change.kind === 'samples' ? [change.serverId] : [])))
    for (const serverId of changed) io.to(roomOf(serverId)).emit('server-changed', { serverId })
    for (const serverId of spoke) tellSamples(serverId)
    for (const userId of new Set(changes.flatMap(change => (change.kind === 'access' ? [change.userId] : [])))) {
      await recheck(socket => socket.data.userId === userId)
    }
    const at = deps.now()
    // Drawing every tile for each burst would cost more than all that is measured.
    const hasTurned = looks === 'at-all-states' && io.sockets.sockets.size > 0 && network.hasTurned(at)
    if (hasTurned || lost || changes.some(change => change.kind === 'topology')) io.emit('network-changed')
    for (const change of changes) for (const event of readAgainAfter(change)) touched.add(event)
    if (lost) for (const event of READ_AGAIN) touched.add(event)
    // Once a second at most: in a night of backups each batch tells of some, and what is read then is large.
    if (looks === 'at-all-states') {
      for (const event of touched) io.emit(event)
      touched.clear()
    }
    const turned = looks === 'at-all-states' ? deps.wall.turned(at, patches.told) : []
    for (const serverId of turned)
      if (!changed.has(serverId)) io.to(roomOf(serverId)).emit('server-changed', { serverId })
    // Of a thousand servers a second most only say that they are still well: nobody draws that for an empty room.
    const isWatched = io.sockets.adapter.rooms.has('wall')
    if (!isWatched) patches.postpone(spoke)
    const patch = patches.next(at, lost ? undefined : [...changed, ...turned, ...(isWatched ? spoke : [])])
    if (patch !== null) io.to('wall').emit('patch', patch)
  }

  /** The newest samples of a server, to the pages that look at it; what they were told before is left out. */
  function tellSamples(serverId: string): void {
    const room = roomOf(serverId)
    if (!io.sockets.adapter.rooms.has(room)) return void toldSamplesUntil.delete(serverId)
    const toldUntil = toldSamplesUntil.get(serverId) ?? 0
    const fresh = deps.current.all(serverId).filter(value => value.at > toldUntil)
    if (fresh.length === 0) return
    toldSamplesUntil.set(serverId, Math.max(...fresh.map(value => value.at)))
    const series = fresh.map(({ metric, labels, at, value }) => ({
      metric,
      labels,
      points: [[at, value] satisfies [number, number]],
    }))
    io.to(room).emit('samples', { serverId, figures: readServerFigures(deps, serverId), series })
  }

  /** Cuts off the pages whose session does not hold any more. */
  async function recheck(which: (socket: LiveSocket) => boolean): Promise<void> {
    for (const socket of [...io.sockets.sockets.values()].filter(which)) {
      if ((await sessionUser(socket.data.cookieHeader, socket.data.https)) !== null) continue
      socket.emit('signed-out')
      socket.disconnect(true)
    }
  }

  function schedule(work: () => Promise<void>): void {
    telling = telling.then(work).catch(error => deps.log.error({ err: error }, 'Live pages could not be told'))
  }

  const stopListening = deps.changes.onAppend(() => {
    gatherTimer ??= setTimeout(() => {
      gatherTimer = undefined
      schedule(() => tell('at-changes'))
    }, GATHER_MS)
  })
  const lookTimer = setInterval(() => schedule(() => tell('at-all-states')), LOOK_MS)
  const beatTimer = setInterval(() => {
    schedule(async () => {
      io.to('wall').emit('patch', patches.beat(deps.now()))
    })
  }, LIVE_BEAT_MS)
  const recheckTimer = setInterval(() => schedule(() => recheck(() => true)), RECHECK_MS)

  return {
    pages: () => io.sockets.sockets.size,
    async close() {
      stopListening()
      clearTimeout(gatherTimer)
      for (const timer of [lookTimer, beatTimer, recheckTimer]) clearInterval(timer)
      await telling
      io.disconnectSockets(true)
      io.engine.close()
    },
  }
}

/** A page of another site must not open a socket with the cookie of ours: WebSocket knows no same-origin rule. */
function isForeign(request: IncomingMessage): boolean {
  const { origin, host } = request.headers
  const secFetchSite = request.headers['sec-fetch-site']
  return isCrossSite({
    method: 'POST',
    secFetchSite: typeof secFetchSite === 'string' ? secFetchSite : undefined,
    origin,
    host,
    contentType: undefined,
    hasCookie: false,
  })
}

const READ_AGAIN = ['backups-changed', 'duties-changed'] as const
type ReadAgain = (typeof READ_AGAIN)[number]

/** Data sets, places and drills are records of registers; a recovery centre and what stands there are of the topology. */
function readAgainAfter({ kind }: Change): readonly ReadAgain[] {
  if (kind === 'register') return READ_AGAIN
  if (kind === 'duty' || kind === 'judged') return ['duties-changed']
  return kind === 'backup' || kind === 'reminder' || kind === 'topology' ? ['backups-changed'] : []
}

function changedServers(changes: readonly Change[]): Set<string> {
  return new Set(
    changes.flatMap(change => {
      if (change.kind === 'server') return [change.id]
      return change.kind === 'incident' ? [change.subjectId] : []
    }),
  )
}

function roomOf(serverId: string): string {
  return `server:${serverId}`
}
