import type { Delta, Gauge } from '../../source.ts'
import { numberOf, type Oid, type SnmpValue } from '../value.ts'
import { counterStep, mostBytes, mostPackets } from './counter-step.ts'
import { type TimeReading, timePassed } from './device-time.ts'
import { figuresOf } from './figures-of.ts'
import { LAYOUT_OIDS, type PlannedInterface, type PollPlan } from './poll-plan.ts'

/** One variable as it was read, with the device's own time in the same answer. */
export type Read = { value: SnmpValue; time: TimeReading }
export type Round = ReadonlyMap<Oid, Read>

export type RoundResult = {
  gauges: Gauge[]
  deltas: Delta[]
  /** The device began anew, or its interfaces did: their numbers may belong to others now. */
  hasMoved: boolean
}

const NOTHING: Round = new Map()
const MS_A_TICK = 10

/**
 * Figures of one round beside the one before; pure. `nowMs` is the instant of the round. Growth is told over the device's
 * own time, only where it ran on and the interface is still the same one; nothing above what the interface can carry.
 */
export function readRound(plan: PollPlan, before: Round = NOTHING, now: Round, nowMs: number): RoundResult {
  const values = new Map([...now].map(([oid, { value }]) => [oid, value]))
  const gauges: Gauge[] = figuresOf(plan.readings, values)
  const deltas: Delta[] = []
  const uptime = latestTime(now)
  if (uptime?.ticks !== undefined)
    gauges.push({ metric: 'node_boot_time_seconds', value: bootTimeS(uptime.ticks, nowMs) })
  const hasMoved = before.size > 0 && (hasRestarted(before, now) || layoutOf(before) !== layoutOf(now))
  for (const one of plan.interfaces) {
    gauges.push(...stateOf(one, now))
    if (!hasMoved) deltas.push(...growthOf(one, before, now))
  }
  return { gauges, deltas, hasMoved }
}

/** To whole ten seconds: the delay of the answer must not move a boot that was long ago. */
const bootTimeS = (ticks: number, nowMs: number): number => Math.round((nowMs - ticks * MS_A_TICK) / 10_000) * 10

function latestTime(round: Round): TimeReading | undefined {
  let latest: TimeReading | undefined
  for (const { time } of round.values()) if (latest === undefined || time.atMs >= latest.atMs) latest = time
  return latest
}

/** Also one that restarted while it was asked: any part of the answers may tell it. */
function hasRestarted(before: Round, now: Round): boolean {
  const last = latestTime(before)
  if (last === undefined) return false
  const times = new Set([...now.values()].map(({ time }) => time))
  return [...times].some(time => timePassed(last, time).kind === 'restarted')
}

const layoutOf = (round: Round): string =>
  LAYOUT_OIDS.map(oid => {
    const read = round.get(oid)
    return read === undefined ? '' : String(numberOf(read.value))
  }).join()

function stateOf({ device, speedBps, adminStatus, operStatus }: PlannedInterface, now: Round): Gauge[] {
  const labels = { device }
  const gauges: Gauge[] = []
  for (const [metric, oid] of [
    ['interface_admin_status', adminStatus],
    ['interface_oper_status', operStatus],
  ] as const) {
    const read = oid === undefined ? undefined : now.get(oid)
    const status = read && numberOf(read.value)
    if (status !== undefined && status >= 1 && status <= 7) gauges.push({ metric, labels, value: status })
  }
  if (speedBps !== null) gauges.push({ metric: 'node_network_speed_bytes', labels, value: speedBps / 8 })
  return gauges
}

/** Counters of one interface stand and fall together: where one of them was set back, none of them tells growth. */
function growthOf(one: PlannedInterface, before: Round, now: Round): Delta[] {
  if (one.discontinuity !== undefined && hasChanged(one.discontinuity, before, now)) return []
  const deltas: Delta[] = []
  for (const { oid, metric, width, kind } of one.counters) {
    const [then, latest] = [before.get(oid), now.get(oid)]
    const [from, to] = [then && totalOf(then.value), latest && totalOf(latest.value)]
    if (then === undefined || latest === undefined || from === undefined || to === undefined) continue
    const passed = timePassed(then.time, latest.time)
    if (passed.kind === 'restarted') return []
    const most = kind === 'bytes' ? mostBytes(one.speedBps) : mostPackets(one.speedBps)
    const growth = counterStep(from, to, width, passed.overMs, most)
    if (growth === undefined) {
      if (passed.overMs > 0) return []
      continue
    }
    deltas.push({ metric, labels: { device: one.device }, growth, overMs: Math.round(passed.overMs) })
  }
  return deltas
}

const hasChanged = (oid: Oid, before: Round, now: Round): boolean => {
  const [then, latest] = [before.get(oid), now.get(oid)]
  return then !== undefined && latest !== undefined && numberOf(then.value) !== numberOf(latest.value)
}

function totalOf(value: SnmpValue): bigint | undefined {
  if (value.type === 'counter64') return value.value
  return value.type === 'counter32' || value.type === 'gauge32' || (value.type === 'integer' && value.value >= 0)
    ? BigInt(value.value)
    : undefined
}
