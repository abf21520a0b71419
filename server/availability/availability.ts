import { clip, type Interval, intersection, subtract, totalMs, union } from './intervals.ts'

export type Availability = {
  from: number
  to: number
  /** How much of the window the service calendar asks for; all of it with 24x7. */
  serviceMs: number
  upMs: number
  /** Known to be down, or silent while the collector watched; without what was planned. */
  outageMs: number
  /** Down inside a maintenance that was announced. */
  plannedMs: number
  /** Down inside a maintenance that was declared afterwards and approved by a second person: a column of its own. */
  plannedAfterwardsMs: number
  /** Neither heard nor watched: the collector or the poller was off, or a parent was down. */
  unobservedMs: number
  /** up / (up + outage); null when nothing was observed. */
  uptimeRatio: number | null
  /** Outages that lie in the window, in whole or in part; two with nothing but unobserved time between them are one. */
  outages: number
  /** Mean time to repair: outage by outages; null without any. */
  mttrMs: number | null
  /** Mean time between failures: time up by outages; null without any. */
  mtbfMs: number | null
}

export type AvailabilityInput = {
  window: Interval
  up: readonly Interval[]
  down: readonly Interval[]
  /** When silence counts against the subject. */
  watched: readonly Interval[]
  planned?: readonly Interval[]
  plannedAfterwards?: readonly Interval[]
  /** Hours in which the service is owed; left out: always. */
  service?: readonly Interval[]
}

/**
 * Exact sums over a window. What was heard counts as up wherever it came late from a spool; silence counts against the
 * subject only while somebody listened.
 */
export function measureAvailability(input: AvailabilityInput): Availability {
  const { window } = input
  const service = input.service === undefined ? clip([window], window) : clip(input.service, window)
  const up = intersection(input.up, service)
  const notUp = subtract(service, up)
  const failed = union([...intersection(notUp, input.watched), ...intersection(notUp, input.down)])
  const planned = intersection(failed, input.planned ?? [])
  const afterwards = intersection(subtract(failed, planned), input.plannedAfterwards ?? [])
  const outage = subtract(failed, [...planned, ...afterwards])
  const [serviceMs, upMs, outageMs] = [totalMs(service), totalMs(up), totalMs(outage)]
  const outages = countOutages(outage, input.up)
  return {
    ...{ from: window.from, to: window.to, serviceMs, upMs, outageMs },
    plannedMs: totalMs(planned),
    plannedAfterwardsMs: totalMs(afterwards),
    unobservedMs: serviceMs - upMs - totalMs(failed),
    uptimeRatio: upMs + outageMs === 0 ? null : upMs / (upMs + outageMs),
    outages,
    mttrMs: outages === 0 ? null : outageMs / outages,
    mtbfMs: outages === 0 ? null : upMs / outages,
  }
}

/** Only a time in which the subject was up ends an outage: night, planned work or a collector that was off do not. */
function countOutages(outage: readonly Interval[], up: readonly Interval[]): number {
  let outages = 0
  let last: Interval | undefined
  for (const one of outage) {
    if (last === undefined || totalMs(clip(up, { from: last.to, to: one.from })) > 0) outages += 1
    last = one
  }
  return outages
}
