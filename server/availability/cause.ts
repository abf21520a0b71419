// Pure: why a subject was down, as far as it can be told, and what speaks for it. An ISP month is settled from this, so
// a cause without evidence is `unknown`.
import type { OutageCause } from '../../protocol/vocabulary.ts'
import type { SharedTrait } from '../inventory/topology.ts'
import { type Interval, intersection, totalMs } from './intervals.ts'
import type { LineSeen } from './line-up.ts'

/** A boot, and from when to when the subject was seen to run since then. */
export type BootRun = { bootedAt: number; seenFrom: number; seenTo: number }

export type OutageEvidence =
  | { kind: 'planned'; maintenanceId: string }
  | { kind: 'parent-down'; parentIds: string[] }
  /** The uptime started anew near the outage. */
  | { kind: 'restarted'; bootedAt: number }
  /** The uptime ran on: it was switched on all the time. */
  | { kind: 'ran-on'; bootedAt: number; seenAgainAt: number }
  /** Its neighbour saw the line to it in order, yet it did not answer. */
  | { kind: 'line-up'; seenAt: number; neighbourId: string; interfaceName: string }
  /** All that share this with it failed at about the same time. */
  | { kind: 'shared'; what: 'site' | 'provider' | 'power'; id: string; subjectIds: string[] }
  | { kind: 'nothing' }

/** A boot is near an outage when it lies in it or this close to its ends: clocks differ, and booting takes a while. */
export const BOOT_NEAR_MS = 120_000
/** Two readings of one boot differ by rounding and by the clocks; less than this is the same boot. */
export const SAME_BOOT_MS = 15_000
/** sysUpTime counts hundredths of a second in 32 bits: after 497 days it starts anew without a boot (RFC 1213). */
const UPTIME_WRAPS_MS = 2 ** 32 * 10

/** Whether two readings tell of the same boot; a counter that ran over is no boot. */
export function isSameBoot(left: number, right: number): boolean {
  const apartMs = Math.abs(left - right)
  const wraps = Math.round(apartMs / UPTIME_WRAPS_MS)
  return Math.abs(apartMs - wraps * UPTIME_WRAPS_MS) <= SAME_BOOT_MS
}

/** All links of a provider at once are its fault; all of a site may be its power or its line. */
const SHARED_CAUSE = { power: 'power', provider: 'link', site: 'unknown' } as const

export function causeOf(input: {
  outage: Interval
  /** Maintenance that covers the subject. */
  planned: readonly (Interval & { maintenanceId: string })[]
  /** When all ways to the subject were cut by its parents, and which. */
  upstream: readonly (Interval & { parentIds: string[] })[]
  boots: readonly BootRun[]
  /** When a neighbour said that its own port towards the subject was up. */
  lineUp: readonly LineSeen[]
  /** What all that failed with it at about the same time have in common, the most telling first. */
  shared?: readonly (SharedTrait & { subjectIds: string[] })[]
}): { cause: OutageCause; evidence: OutageEvidence } {
  const { outage } = input
  const [planned] = input.planned.filter(one => touches(one, outage))
  if (planned !== undefined && coversMost(input.planned, outage)) {
    return { cause: 'planned', evidence: { kind: 'planned', maintenanceId: planned.maintenanceId } }
  }
  const [upstream] = input.upstream.filter(one => touches(one, outage))
  if (upstream !== undefined) {
    return { cause: 'upstream', evidence: { kind: 'parent-down', parentIds: upstream.parentIds } }
  }
  const restart = input.boots.find(
    ({ bootedAt }) => bootedAt >= outage.from - BOOT_NEAR_MS && bootedAt <= outage.to + BOOT_NEAR_MS,
  )
  const lineUp = input.lineUp.find(one => touches(one, outage))
  // One that hung with its line up long before it was started anew did not lack power.
  const hungBefore = restart !== undefined && (lineUp?.from ?? restart.bootedAt) < restart.bootedAt - BOOT_NEAR_MS
  if (restart !== undefined && !hungBefore) {
    return { cause: 'power', evidence: { kind: 'restarted', bootedAt: restart.bootedAt } }
  }
  const ranOn = input.boots.find(({ seenFrom, seenTo }) => seenFrom <= outage.from && seenTo >= outage.to)
  if (ranOn !== undefined) {
    return { cause: 'link', evidence: { kind: 'ran-on', bootedAt: ranOn.bootedAt, seenAgainAt: ranOn.seenTo } }
  }
  if (lineUp !== undefined) {
    const { from: seenAt, neighbourId, interfaceName } = lineUp
    return { cause: 'device', evidence: { kind: 'line-up', seenAt, neighbourId, interfaceName } }
  }
  const [shared] = input.shared ?? []
  if (shared !== undefined) return { cause: SHARED_CAUSE[shared.what], evidence: { kind: 'shared', ...shared } }
  return { cause: 'unknown', evidence: { kind: 'nothing' } }
}

function touches(left: Interval, right: Interval): boolean {
  return left.from < right.to && left.to > right.from
}

/** An outage that only ends in a maintenance was not planned. */
function coversMost(planned: readonly Interval[], outage: Interval): boolean {
  return totalMs(intersection(planned, [outage])) * 2 > outage.to - outage.from
}

/** Lays one reading of a boot time into what is known of a subject's boots. */
export function withBoot(runs: readonly BootRun[], reading: { bootedAt: number; seenAt: number }): BootRun[] {
  const known = runs.find(run => isSameBoot(run.bootedAt, reading.bootedAt))
  if (known === undefined) {
    return [...runs, { bootedAt: reading.bootedAt, seenFrom: reading.seenAt, seenTo: reading.seenAt }].sort(
      (left, right) => left.seenFrom - right.seenFrom,
    )
  }
  const wider = {
    bootedAt: known.bootedAt,
    seenFrom: Math.min(known.seenFrom, reading.seenAt),
    seenTo: Math.max(known.seenTo, reading.seenAt),
  }
  return runs.map(run => (run === known ? wider : run))
}
