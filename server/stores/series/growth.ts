// What counters grew by: from readings to increases and rates, with resets, wraps and gaps. Pure.
import { StorageError } from '../durable/storage-error.ts'
import { type BucketPart, type BucketWindow, bucketPoints } from './buckets.ts'
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

/**
 * `times` ascending, the first `length` of both arrays, with readings from `maxGapMs` before the window on. Null when no two
 * readings belong together. Increases in the counter's unit, rates in that a second.
 */
export function growthPoints(
  times: ArrayLike<number>,
  values: ArrayLike<number>,
  length: number,
  window: BucketWindow,
  { as, counterBits, maxGapMs }: Pick<GrowthQuery, 'as' | 'counterBits' | 'maxGapMs'>,
): [at: number, value: number | null][] | null {
  const gapMs = maxGapOf({ ...(maxGapMs === undefined ? {} : { maxGapMs }) })
  const first = Math.floor(window.from / window.stepMs)
  const buckets = Math.max(0, Math.ceil(window.to / window.stepMs) - first)
  const increases = new Float64Array(buckets)
  const elapsedMs = new Float64Array(buckets)
  let earlierAt = Number.NEGATIVE_INFINITY
  let earlier = 0
  for (let index = 0; index < length; index++) {
    const at = times[index] ?? 0
    const value = values[index] ?? 0
    const overMs = at - earlierAt
    if (at >= window.to) break
    if (at >= window.from && overMs <= gapMs) {
      const bucket = Math.floor(at / window.stepMs) - first
      increases[bucket] = (increases[bucket] ?? 0) + counterIncrease(earlier, value, counterBits)
      elapsedMs[bucket] = (elapsedMs[bucket] ?? 0) + overMs
    }
    earlierAt = at
    earlier = value
  }
  const parts = new Map<number, BucketPart>()
  for (let bucket = 0; bucket < buckets; bucket++) {
    const overMs = elapsedMs[bucket] ?? 0
    const increase = increases[bucket] ?? 0
    if (overMs > 0)
      parts.set(first + bucket, { count: 1, value: as === 'rate' ? (increase * 1000) / overMs : increase })
  }
  return parts.size === 0 ? null : bucketPoints(window, 'sum', parts)
}
