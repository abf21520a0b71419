import { numberOf, type SnmpValue } from '../value.ts'
import type { TimeReading } from './device-time.ts'
import { LAYOUT_OIDS } from './poll-plan.ts'

/** One variable as it was read, with the device's own time in the same answer. */
export type Read = { value: SnmpValue; time: TimeReading }
/** By their places in the plan. */
export type Round = readonly (Read | undefined)[]

/** What the next round needs to know of this one: numbers only, in two rows of bytes, because of a thousand routers. */
export type Remembered = {
  /** What stood at this place of the plan, and when; undefined for nothing. */
  total(at: number): bigint | undefined
  time(at: number): TimeReading | undefined
  latest: TimeReading | undefined
  layout: string
}

const MOST_TIMES = 254

export function remember(round: Round): Remembered {
  const totals = new BigUint64Array(round.length)
  /** Which time belongs to it, from 1 on; 0 for nothing there. */
  const timeAt = new Uint8Array(round.length)
  const times: TimeReading[] = []
  for (const [at, read] of round.entries()) {
    const total = totalOf(read?.value)
    if (read === undefined || total === undefined) continue
    if (times.at(-1) !== read.time && times.length < MOST_TIMES) times.push(read.time)
    totals[at] = total
    timeAt[at] = times.length
  }
  const isThere = (at: number): boolean => (timeAt[at] ?? 0) > 0
  return {
    total: at => (isThere(at) ? totals[at] : undefined),
    time: at => (isThere(at) ? times[(timeAt[at] ?? 0) - 1] : undefined),
    latest: latestOf(times),
    layout: layoutOf(round),
  }
}

/** A whole number that is not negative, whatever it counts. */
export function totalOf(value: SnmpValue | undefined): bigint | undefined {
  if (value?.type === 'counter64') return value.value
  const isWhole =
    value?.type === 'counter32' || value?.type === 'gauge32' || value?.type === 'ticks' || value?.type === 'integer'
  return isWhole && value.value >= 0 ? BigInt(value.value) : undefined
}

export function latestOf(times: Iterable<TimeReading>): TimeReading | undefined {
  let latest: TimeReading | undefined
  for (const time of times) if (latest === undefined || time.atMs >= latest.atMs) latest = time
  return latest
}

/** How many interfaces there are, and when that last changed. */
export const layoutOf = (round: Round): string =>
  LAYOUT_OIDS.map((_, at) => {
    const read = round[at]
    return read === undefined ? '' : String(numberOf(read.value))
  }).join()
