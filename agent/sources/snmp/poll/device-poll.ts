import type { Discovery, SnmpTarget } from '../../../../protocol/snmp.ts'
import type { VendorProfile } from '../../../../protocol/vendor-profile.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Delta, Gauge } from '../../source.ts'
import { discover } from '../discover/discover.ts'
import { problemOf, type SnmpProblem } from '../problem.ts'
import { FIRST_LIMIT, type PduLimit, readVariables } from '../read-variables.ts'
import type { Datagrams } from '../session/datagrams.ts'
import { openSession } from '../session/open-session.ts'
import type { SnmpSession } from '../session/session.ts'
import { numberOf, type Oid } from '../value.ts'
import { type PollPlan, planPolling, SYS_UP_TIME } from './poll-plan.ts'
import { type Read, type Remembered, remember } from './remembered.ts'
import { readRound } from './round.ts'

export type PollOutcome = {
  gauges: Gauge[]
  deltas: Delta[]
  discovery: Discovery | undefined
  /** Why the device could not be read; undefined when it could. */
  problem: SnmpProblem | undefined
  durationMs: number
  /** Whether it came or went, or an interface did: told at once. */
  hasChanged: boolean
}

export type DevicePoll = {
  /** One round; never throws. Rounds of one device do not overlap. */
  round(): Promise<PollOutcome>
  /** The next round looks through the device anew. */
  rediscover(): void
  close(): void
}

/** A look through a device may take longer than a round. */
const DISCOVERY_WITHIN_MS = 90_000
const REDISCOVER_EVERY_MS = 6 * 3_600_000
/** Agents that have just begun do not offer everything yet (Net-SNMP's load of processors needs a minute). */
const SECOND_LOOK_AFTER_MS = 10 * 60_000
/** Of its interval, so that a slow device does not run into its own next round. */
const ROUND_SHARE = 0.8
const LONGEST_ROUND_MS = 25_000
/** After this many silent rounds a device is asked a single question without retries until it answers again. */
const SILENT_ROUNDS = 2

export function createDevicePoll(deps: {
  target: SnmpTarget
  datagrams: Datagrams
  profiles: readonly VendorProfile[]
  clock: Clock
  discoverInTurn: <T>(step: () => Promise<T>) => Promise<T>
}): DevicePoll {
  const { target, datagrams, profiles, clock } = deps
  const { deviceId: subject, credential, intervalMs } = target
  const endpoint = { address: target.address, port: target.port }
  const limit: PduLimit = { variables: FIRST_LIMIT }
  const now = clock.monotonicMs
  let session: SnmpSession | undefined
  let plan: PollPlan | undefined
  let wantsDiscovery = true
  let discoverAtMs = 0
  let before: Remembered | undefined
  let states = ''
  let silent = 0
  let wasUp: boolean | undefined

  const openOnce = async (): Promise<SnmpSession> => {
    const patience = { timeoutMs: target.timeoutMs, retries: silent >= SILENT_ROUNDS ? 0 : target.retries }
    session ??= await openSession({ datagrams, endpoint, credential, patience })
    return session
  }
  /** A session is kept while it works; with another patience it is another one. */
  const forgetSession = (): void => {
    session?.close()
    session = undefined
  }

  const lookThrough = async (open: SnmpSession): Promise<Discovery> => {
    const { found, interfaces, readings } = await deps.discoverInTurn(() =>
      discover({ session: open, profiles, limit, untilMs: now() + DISCOVERY_WITHIN_MS, now }),
    )
    plan = planPolling(interfaces, readings)
    before = undefined
    wantsDiscovery = false
    const waitMs = discoverAtMs === 0 ? SECOND_LOOK_AFTER_MS : REDISCOVER_EVERY_MS
    discoverAtMs = now() + waitMs * (0.9 + Math.random() / 5)
    return { at: clock.nowMs(), subject, ...found }
  }

  const readAll = async (
    open: SnmpSession,
    oids: readonly Oid[],
    count: { asked: number; lost: number },
  ): Promise<(Read | undefined)[]> => {
    const untilMs = now() + Math.min(intervalMs * ROUND_SHARE, LONGEST_ROUND_MS)
    const round: (Read | undefined)[] = []
    const asked = (outcome: 'answered' | 'lost'): void => {
      count.asked += 1
      if (outcome === 'lost') count.lost += 1
    }
    for (let at = 0; at < oids.length || at === 0; ) {
      const part = oids.slice(at, at + Math.max(limit.variables - 1, 1))
      at += Math.max(part.length, 1)
      // The device's time in every question: what was counted and over which time come from one answer.
      const values = await readVariables({ session: open, limit, untilMs, now, asked }, [SYS_UP_TIME, ...part])
      const uptime = values.get(SYS_UP_TIME)
      const time = { ticks: uptime?.type === 'ticks' ? numberOf(uptime) : undefined, atMs: now() }
      for (const oid of part) {
        const value = values.get(oid)
        round.push(value && { value, time })
      }
    }
    return round
  }

  const readDevice = async (count: { asked: number; lost: number }) => {
    let discovery: Discovery | undefined
    let open = await openOnce()
    if (silent >= SILENT_ROUNDS) {
      await open.get([SYS_UP_TIME])
      // It is back: from now on with all patience again.
      silent = 0
      forgetSession()
      open = await openOnce()
    }
    if (plan === undefined || wantsDiscovery || now() >= discoverAtMs) discovery = await lookThrough(open)
    const atMs = clock.nowMs()
    const planned = plan ?? planPolling([], [])
    let round = await readAll(open, planned.oids, count)
    let result = readRound(planned, before, round, atMs)
    if (result.hasMoved) {
      // Numbers of interfaces may belong to others now: names first, then figures, and growth from here on.
      discovery = await lookThrough(open)
      const anew = plan ?? planned
      round = await readAll(open, anew.oids, count)
      result = readRound(anew, undefined, round, atMs)
    }
    before = remember(round)
    return { ...result, discovery, atMs }
  }

  return {
    rediscover() {
      wantsDiscovery = true
    },
    close: forgetSession,
    async round() {
      const startedMs = now()
      const startedAt = clock.nowMs()
      const count = { asked: 0, lost: 0 }
      let read: Awaited<ReturnType<typeof readDevice>> | undefined
      let problem: SnmpProblem | undefined
      try {
        read = await readDevice(count)
        silent = 0
      } catch (error) {
        problem = problemOf(error)
        silent += 1
        // v3: another engine may stand there now, with another time.
        forgetSession()
      }
      const durationMs = now() - startedMs
      const about = { subject, atMs: read?.atMs ?? startedAt }
      const gauges: Gauge[] = [
        { metric: 'snmp_up', value: read === undefined ? 0 : 1 },
        { metric: 'snmp_poll_duration_seconds', value: Math.round(durationMs) / 1_000 },
        { metric: 'snmp_poll_requests', value: count.asked },
        { metric: 'snmp_poll_lost_requests', value: count.lost },
        ...(read?.gauges ?? []),
      ].map(gauge => ({ ...about, ...gauge }))
      const deltas = (read?.deltas ?? []).map(delta => ({ ...about, ...delta }))
      const statesNow = read === undefined ? states : statesOf(read.gauges)
      const isUp = read !== undefined
      const hasChanged = wasUp !== isUp || (states !== '' && statesNow !== states) || read?.discovery !== undefined
      wasUp = isUp
      states = statesNow
      return { gauges, deltas, discovery: read?.discovery, problem, durationMs, hasChanged }
    },
  }
}

const statesOf = (gauges: readonly Gauge[]): string =>
  gauges
    .flatMap(({ metric, labels, value }) => (metric === 'interface_oper_status' ? `${labels?.device} ${value}` : []))
    .join()
