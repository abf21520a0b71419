// What counters grew by: from readings to increases and rates, with resets, wraps and gaps. Pure.
import { StorageError } from '../durable/storage-error.ts'
import type { BucketWindow } from './buckets.ts'
import type { GrowthQuery } from './series-store.ts'

export const DEFAULT_MAX_GAP_MS = 3_600_000

/** From one reading to the next. A counter only grows, so one that fell began anew, or went over its end. */
export function counterIncrease(earlier: number, later: number, counterBits?: 32 | 64): number {
  if (later >= earlier) return later - earlier
  if (counterBits !== undefined) {
    const end = 2 ** counterBits
    // A restart near zero from anywhere else would look like an enormous growth.
    if (earlier >= end * 0.75 && earlier < end && later < end / 4) return end - earlier + later
  }
  return later
}

export function maxGapOf({ maxGapMs = DEFAULT_MAX_GAP_MS }: Pick<GrowthQuery, 'maxGapMs'>): number {
  if (!Number.isSafeInteger(maxGapMs) || maxGapMs < 1) {
    throw new StorageError('bad-input', 'maxGapMs must be a whole number of ms, 1 or more')
  }
  return maxGapMs
}

export type GrowthWay = Pick<GrowthQuery, 'as' | 'counterBits' | 'maxGapMs'>

/**
 * `times` ascending, the first `length` of both arrays, with readings from `maxGapMs` before the window on. Fills `points`, one a
 * bucket, NaN where no two readings belong together; whether there is any point. Increases in the counter's unit, rates in that
 * a second.
 */
export function growthBuckets(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  length: number,
  { from, to, stepMs }: BucketWindow,
  way: GrowthWay,
  points: Float64Array,
): boolean {
  const { as, counterBits } = way
  const gapMs = maxGapOf(way)
  const first = Math.floor(from / stepMs)
  let earlierAt = Number.NEGATIVE_INFINITY
  let earlier = 0
  let bucket = -1
  let bucketEnd = Number.NEGATIVE_INFINITY
  let increase = 0
  let elapsedMs = 0
  let any = false
  points.fill(Number.NaN)
  const settle = () => {
    if (elapsedMs <= 0) return
    points[bucket] = as === 'rate' ? (increase * 1000) / elapsedMs : increase
    any = true
  }
  for (let index = 0; index < length; index++) {
    const at = times[index] ?? 0
    if (at >= to) break
    const value = values[index] ?? 0
    const overMs = at - earlierAt
    if (at >= from && overMs <= gapMs) {
      if (at >= bucketEnd) {
        settle()
        bucket = Math.floor(at / stepMs) - first
        bucketEnd = (first + bucket + 1) * stepMs
        increase = 0
        elapsedMs = 0
      }
      increase += value >= earlier ? value - earlier : counterIncrease(earlier, value, counterBits)
      elapsedMs += overMs
    }
    earlierAt = at
    earlier = value
  }
  settle()
  return any
}

/** The same as points of the port; null when there is none. */
export function growthPoints(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  length: number,
  window: BucketWindow,
  way: GrowthWay,
): [at: number, value: number | null][] | null {
  const first = Math.floor(window.from / window.stepMs)
  const points = new Float64Array(Math.max(0, Math.ceil(window.to / window.stepMs) - first))
  if (!growthBuckets(times, values, length, window, way, points)) return null
  return Array.from(points, (value, bucket) => [(first + bucket) * window.stepMs, Number.isNaN(value) ? null : value])
}
