// What counters grew by: from readings to increases and rates, with resets, wraps and gaps. Pure.
import { StorageError } from '../durable/storage-error.ts'
import { type BucketWindow, countBuckets } from './buckets.ts'
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

export type GrowthSum = {
  /** The next readings of one counter: `times` ascending over all calls, the first `length` of both. */
  add(times: ArrayLike<number>, values: ArrayLike<number>, length: number): void
  /** To be called behind the last of them. Whether there is any point. */
  end(): boolean
}

/**
 * Of readings from `maxGapMs` before the window on. Fills `points` from place `at` on, one a bucket, NaN where no two readings belong
 * together. Increases in the counter's unit, rates in that a second.
 */
export function createGrowthSum(window: BucketWindow, way: GrowthWay, points: Float64Array, place = 0): GrowthSum {
  const { from, to, stepMs } = window
  const { as, counterBits } = way
  const gapMs = maxGapOf(way)
  const first = Math.floor(from / stepMs)
  const sum = { earlierAt: Number.NEGATIVE_INFINITY, earlier: 0, bucket: -1, increase: 0, elapsedMs: 0, any: false }
  points.fill(Number.NaN, place, place + countBuckets(window))

  function settle(bucket: number, increase: number, elapsedMs: number): void {
    if (elapsedMs <= 0) return
    points[place + bucket] = as === 'rate' ? (increase * 1000) / elapsedMs : increase
    sum.any = true
  }

  return {
    add(times, values, length) {
      // What the loop changes is local to it: that is worth half of its time.
      let { earlierAt, earlier, bucket, increase, elapsedMs } = sum
      let bucketEnd = bucket < 0 ? Number.NEGATIVE_INFINITY : (first + bucket + 1) * stepMs
      for (let index = 0; index < length; index++) {
        const at = times[index] ?? 0
        if (at >= to) break
        const value = values[index] ?? 0
        const overMs = at - earlierAt
        if (at >= from && overMs <= gapMs) {
          if (at >= bucketEnd) {
            settle(bucket, increase, elapsedMs)
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
      Object.assign(sum, { earlierAt, earlier, bucket, increase, elapsedMs })
    },
    end() {
      settle(sum.bucket, sum.increase, sum.elapsedMs)
      return sum.any
    },
  }
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
  const sum = createGrowthSum(window, way, points)
  sum.add(times, values, length)
  if (!sum.end()) return null
  return Array.from(points, (value, bucket) => [(first + bucket) * window.stepMs, Number.isNaN(value) ? null : value])
}
