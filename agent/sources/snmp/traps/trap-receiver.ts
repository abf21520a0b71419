import { createSocket, type Socket } from 'node:dgram'
import type { SnmpTarget, WireEvent } from '../../../../protocol/snmp.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Log, reasonOf } from '../../../platform/logger.ts'
import type { Gauge } from '../../source.ts'
import type { V3Credential } from '../session/session.ts'
import { encodeMessage, PDU } from '../wire/message.ts'
import { createRecentCounts } from './recent-counts.ts'
import { decodeTrap, meaningOf, type Notice, type Trap } from './trap.ts'
import { createOwnEngine, createV3TrapReader, type ReadV3Trap } from './v3-trap.ts'

type Say = (answer: Buffer) => void

export type TrapReceiver = {
  /** Listens on the ports that the targets name, and hears only their addresses. */
  setTargets(targets: readonly SnmpTarget[]): void
  take(): WireEvent[]
  /** How often each device said of late that somebody asked it with a wrong secret; 0 once more after the last time. */
  failures(): Gauge[]
  hasNews(): boolean
  stop(): void
}

/** One device may tell so much in a minute; the rest is a storm, and polling sees the same. */
const MOST_A_MINUTE = 60
const MOST_WAITING = 1_000
const FAILURES_WINDOW_MS = 10 * 60_000

/**
 * Hears traps and informs of v1, v2c and v3. A trap is a hint and proves nothing (its sender can be forged), so it makes a poll come at once
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
  const readers = new Map<SnmpTarget, Promise<ReadV3Trap>>()
  const failures = createRecentCounts(FAILURES_WINDOW_MS)
  const ownEngine = createOwnEngine(clock)
  let events: WireEvent[] = []

  const isStorm = (deviceId: string): boolean => {
    const nowMs = clock.monotonicMs()
    const before = heard.get(deviceId)
    const window = before === undefined || nowMs - before.sinceMs >= 60_000 ? { sinceMs: nowMs, count: 0 } : before
    window.count += 1
    heard.set(deviceId, window)
    return window.count > MOST_A_MINUTE
  }
  const note = (target: SnmpTarget, notice: Notice): void => {
    if (isStorm(target.deviceId)) return
    const { kind, part, ifIndex } = meaningOf(notice)
    if (kind === 'authentication-failure') failures.add(target.deviceId, clock.monotonicMs())
    if (events.length < MOST_WAITING) {
      const named = part === '' && ifIndex !== undefined ? `#${ifIndex}` : part
      events.push({ at: clock.nowMs(), subject: target.deviceId, kind, part: named })
    }
    deps.onTrap(target.deviceId)
  }
  /** One reader a user and device: it remembers what it heard last. Loaded when the first such message comes. */
  const readerOf = (target: SnmpTarget, credential: V3Credential): Promise<ReadV3Trap> => {
    const known = readers.get(target) ?? createV3TrapReader(credential, ownEngine)
    readers.set(target, known)
    return known
  }
  const hearV3 = async (target: SnmpTarget, credential: V3Credential, bytes: Buffer, say: Say): Promise<void> => {
    const { notice, answer } = (await readerOf(target, credential))(bytes)
    if (answer !== undefined) say(answer)
    if (notice !== undefined) note(target, notice)
  }
  const hear = (target: SnmpTarget, bytes: Buffer, say: Say): void => {
    const { credential } = target
    // What is garbage or not signed as it should be is nothing.
    if (credential.version === 'v3') {
      void hearV3(target, credential, bytes, say).catch(() => {})
      return
    }
    let trap: Trap
    try {
      trap = decodeTrap(bytes)
    } catch {
      return
    }
    if (credential.community !== trap.community) return
    if (trap.inform !== undefined) {
      const { pdu } = trap.inform
      say(encodeMessage({ ...trap.inform, pdu: { ...pdu, tag: PDU.response, errorStatus: 0, errorIndex: 0 } }))
    }
    note(target, trap)
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
    socket.on('message', (bytes, from) => {
      const target = known.get(`${port} ${from.address.replace(/^::ffff:/, '')}`)
      if (target !== undefined) hear(target, bytes, answer => socket.send(answer, from.port, from.address, () => {}))
    })
    socket.bind(port)
    socket.unref()
    sockets.set(port, socket)
  }

  return {
    setTargets(targets) {
      known.clear()
      readers.clear()
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
    failures: () =>
      failures.take(clock.monotonicMs()).map(({ id, count }) => ({
        ...{ subject: id, metric: 'snmp_authentication_failures_recent', value: count, atMs: clock.nowMs() },
      })),
    hasNews: () => events.length > 0,
    stop() {
      for (const socket of sockets.values()) socket.close()
      sockets.clear()
    },
  }
}
