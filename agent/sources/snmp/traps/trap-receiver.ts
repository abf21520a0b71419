import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { SnmpTarget, WireEvent } from '../../../../protocol/snmp.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Log, reasonOf } from '../../../platform/logger.ts'
import { encodeMessage, PDU } from '../wire/message.ts'
import { decodeTrap, meaningOf, type Trap } from './trap.ts'

export type TrapReceiver = {
  /** Listens on the ports that the targets name, and hears only their addresses. */
  setTargets(targets: readonly SnmpTarget[]): void
  take(): WireEvent[]
  hasNews(): boolean
  stop(): void
}

/** One device may tell so much in a minute; the rest is a storm, and polling sees the same. */
const MOST_A_MINUTE = 60
const MOST_WAITING = 1_000

/**
 * Hears traps and informs. A trap is a hint and proves nothing (its sender can be forged), so it makes a poll come at once
 * and is told as an event; no state is set by it. What is garbage or comes from elsewhere is dropped.
 */
export function createTrapReceiver(deps: {
  clock: Clock
  log: Log
  /** A device told something: it shall be polled now. */
  onTrap: (deviceId: string) => void
}): TrapReceiver {
  const { clock, log } = deps
  const sockets = new Map<number, Socket>()
  const known = new Map<string, SnmpTarget>()
  const heard = new Map<string, { sinceMs: number; count: number }>()
  let events: WireEvent[] = []

  const isStorm = (deviceId: string): boolean => {
    const nowMs = clock.monotonicMs()
    const before = heard.get(deviceId)
    const window = before === undefined || nowMs - before.sinceMs >= 60_000 ? { sinceMs: nowMs, count: 0 } : before
    window.count += 1
    heard.set(deviceId, window)
    return window.count > MOST_A_MINUTE
  }
  const hear = (socket: Socket, port: number, bytes: Buffer, from: RemoteInfo): void => {
    const target = known.get(`${port} ${from.address.replace(/^::ffff:/, '')}`)
    if (target === undefined) return
    let trap: Trap
    try {
      trap = decodeTrap(bytes)
    } catch {
      return
    }
    const { credential } = target
    if (credential.version !== 'v3' && credential.community !== trap.community) return
    if (trap.inform !== undefined) {
      const { pdu } = trap.inform
      const answer = encodeMessage({
        ...trap.inform,
        pdu: { ...pdu, tag: PDU.response, errorStatus: 0, errorIndex: 0 },
      })
      socket.send(answer, from.port, from.address, () => {})
    }
    if (isStorm(target.deviceId)) return
    const { kind, part, ifIndex } = meaningOf(trap)
    if (events.length < MOST_WAITING) {
      const named = part === '' && ifIndex !== undefined ? `#${ifIndex}` : part
      events.push({ at: clock.nowMs(), subject: target.deviceId, kind, part: named })
    }
    deps.onTrap(target.deviceId)
  }
  const listen = (port: number): void => {
    const socket = createSocket({ type: 'udp6', ipv6Only: false })
    socket.on('error', error => {
      log.error({ port, reason: reasonOf(error) }, 'traps can not be heard')
      sockets.delete(port)
      try {
        socket.close()
      } catch {
        // It never was open.
      }
    })
    socket.on('message', (bytes, from) => hear(socket, port, bytes, from))
    socket.bind(port)
    socket.unref()
    sockets.set(port, socket)
  }

  return {
    setTargets(targets) {
      known.clear()
      const ports = new Set<number>()
      for (const target of targets) {
        if (target.trapPort === null) continue
        ports.add(target.trapPort)
        known.set(`${target.trapPort} ${target.address}`, target)
      }
      for (const [port, socket] of sockets) {
        if (ports.has(port)) continue
        socket.close()
        sockets.delete(port)
      }
      for (const port of ports) if (!sockets.has(port)) listen(port)
    },
    take() {
      const taken = events
      events = []
      return taken
    },
    hasNews: () => events.length > 0,
    stop() {
      for (const socket of sockets.values()) socket.close()
      sockets.clear()
    },
  }
}
