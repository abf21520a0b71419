import type { Delta, Gauge } from '../../source.ts'
import { numberOf } from '../value.ts'
import { canWrapTwice, counterStep, mostBytes, mostPackets } from './counter-step.ts'
import { type TimeReading, timePassed } from './device-time.ts'
import { figuresOf } from './figures-of.ts'
import { LAYOUT_OIDS, type PlannedInterface, type PollPlan } from './poll-plan.ts'
import { latestOf, layoutOf, type Remembered, type Round, totalOf } from './remembered.ts'

export type RoundResult = {
  gauges: Gauge[]
  deltas: Delta[]
  /** The device began anew, or its interfaces did: their numbers may belong to others now. */
  hasMoved: boolean
}

const MS_A_TICK = 10

/**
 * Figures of one round beside the one before; pure. `nowMs` is the instant of the round. Growth is told over the device's
 * own time, only where it ran on and the interface is still the same one; nothing above what the interface can carry.
 */
export function readRound(plan: PollPlan, before: Remembered | undefined, now: Round, nowMs: number): RoundResult {
  const gauges: Gauge[] = figuresOf(plan.readings, index => now[LAYOUT_OIDS.length + index]?.value)
  const deltas: Delta[] = []
  const times = new Set(now.flatMap(read => read?.time ?? []))
  const uptime = latestOf(times)
  if (uptime?.ticks !== undefined)
    gauges.push({ metric: 'node_boot_time_seconds', value: bootTimeS(uptime.ticks, nowMs) })
  const hasMoved = before !== undefined && (hasRestarted(before, times) || before.layout !== layoutOf(now))
  for (const one of plan.interfaces) {
    gauges.push(...stateOf(one, now))
    if (before === undefined || hasMoved) continue
    const growth = growthOf(one, before, now)
    deltas.push(...growth)
    const doubt = doubtOf(one, growth)
    if (doubt !== undefined) gauges.push(doubt)
  }
  return { gauges, deltas, hasMoved }
}

/** To whole ten seconds: the delay of the answer must not move a boot that was long ago. */
const bootTimeS = (ticks: number, nowMs: number): number => Math.round((nowMs - ticks * MS_A_TICK) / 10_000) * 10

/** Also one that restarted while it was asked: any part of the answers may tell it. */
function hasRestarted(before: Remembered, times: ReadonlySet<TimeReading>): boolean {
  const { latest } = before
  return latest !== undefined && [...times].some(time => timePassed(latest, time).kind === 'restarted')
}

function stateOf({ device, speedBps, first, shape }: PlannedInterface, now: Round): Gauge[] {
  const labels = { device }
  const gauges: Gauge[] = []
  for (const [metric, at] of [
    ['interface_admin_status', shape.adminStatus],
    ['interface_oper_status', shape.operStatus],
  ] as const) {
    const read = at === undefined ? undefined : now[first + at]
    const status = read && numberOf(read.value)
    if (status !== undefined && status >= 1 && status <= 7) gauges.push({ metric, labels, value: status })
  }
  if (speedBps !== null) gauges.push({ metric: 'node_network_speed_bytes', labels, value: speedBps / 8 })
  return gauges
}

/** Counters of one interface stand and fall together: where one of them was set back, none of them tells growth. */
function growthOf({ device, speedBps, first, shape }: PlannedInterface, before: Remembered, now: Round): Delta[] {
  const labels = { device }
  const mark = shape.discontinuity === undefined ? undefined : first + shape.discontinuity
  const [markThen, markNow] = mark === undefined ? [] : [before.total(mark), totalOf(now[mark]?.value)]
  if (markThen !== undefined && markNow !== undefined && markThen !== markNow) return []
  const deltas: Delta[] = []
  for (const { at, metric, width, kind } of shape.counters) {
    const latest = now[first + at]
    const [from, to] = [before.total(first + at), totalOf(latest?.value)]
    const then = before.time(first + at)
    if (then === undefined || latest === undefined || from === undefined || to === undefined) continue
    const passed = timePassed(then, latest.time)
    if (passed.kind === 'restarted') return []
    const most = kind === 'bytes' ? mostBytes(speedBps) : mostPackets(speedBps)
    const growth = counterStep(from, to, width, passed.overMs, most)
    if (growth === undefined) {
      if (passed.overMs > 0) return []
      continue
    }
    deltas.push({ metric, labels, growth, overMs: Math.round(passed.overMs) })
  }
  return deltas
}

/** Whether what it counts in 32 bits may have gone round more than once, so that it carried more than is told. */
function doubtOf({ device, speedBps, shape }: PlannedInterface, growth: readonly Delta[]): Gauge | undefined {
  const narrow = shape.counters.filter(({ width, kind }) => width === 32 && kind === 'bytes')
  const told = growth.filter(delta => narrow.some(({ metric }) => metric === delta.metric))
  if (told.length === 0) return undefined
  const isDoubtful = told.some(({ overMs }) => canWrapTwice(speedBps, overMs))
  return { metric: 'interface_counters_doubtful', labels: { device }, value: isDoubtful ? 1 : 0 }
}
