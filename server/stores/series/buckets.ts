// A window cut into buckets: which there are, and how the parts of one bucket become its value. Pure.
import type { Aggregate } from '../../../protocol/vocabulary.ts'
import { StorageError } from '../durable/storage-error.ts'

export const MAX_BUCKETS = 10_000
export const MAX_POINTS = 1_000_000

export type BucketWindow = { from: number; to: number; stepMs: number }

/** Part of a bucket's content. `value` is the total for avg and sum, else the least, the greatest or the newest. */
export type BucketPart = { count: number; value: number }

export function checkWindow({ from, to }: { from: number; to: number }): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0) {
    throw new StorageError('bad-input', 'from and to must be instants in ms')
  }
  if (from > to) throw new StorageError('bad-input', 'from must not be after to')
}

/** Number of buckets of the window. Throws query-too-large over the limit, with the least step that would do. */
export function countBuckets({ from, to, stepMs }: BucketWindow): number {
  checkWindow({ from, to })
  if (!Number.isSafeInteger(stepMs) || stepMs < 1) {
    throw new StorageError('bad-input', 'stepMs must be a whole number of ms, 1 or more')
  }
  if (from === to) return 0
  const count = Math.ceil(to / stepMs) - Math.floor(from / stepMs)
  if (count > MAX_BUCKETS) {
    const enough = Math.ceil((to - from) / (MAX_BUCKETS - 1))
    throw new StorageError(
      'query-too-large',
      `the window has ${count} steps of ${stepMs} ms, at most ${MAX_BUCKETS} are allowed: use a step of ${enough} ms or more`,
    )
  }
  return count
}

/** Throws query-too-large when the answer as a whole would be too big to hand over. */
export function checkPoints(points: number): void {
  if (points > MAX_POINTS) {
    throw new StorageError(
      'query-too-large',
      `the answer would have more than ${MAX_POINTS} points: ask for fewer series, a shorter window or a longer step`,
    )
  }
}

/** `later` holds only samples after those of `earlier`. */
export function mergeParts(aggregate: Aggregate, earlier: BucketPart, later: BucketPart): BucketPart {
  const count = earlier.count + later.count
  switch (aggregate) {
    case 'avg':
    case 'sum':
      return { count, value: earlier.value + later.value }
    case 'min':
      return { count, value: Math.min(earlier.value, later.value) }
    case 'max':
      return { count, value: Math.max(earlier.value, later.value) }
    case 'last':
    case 'count':
      return { count, value: later.value }
  }
}

export function partValue(aggregate: Aggregate, { count, value }: BucketPart): number {
  if (aggregate === 'count') return count
  return aggregate === 'avg' ? value / count : value
}

/** `parts` by number of the bucket (start / stepMs). */
export function bucketPoints(
  window: BucketWindow,
  aggregate: Aggregate,
  parts: ReadonlyMap<number, BucketPart>,
): [at: number, value: number | null][] {
  const first = Math.floor(window.from / window.stepMs)
  return Array.from({ length: countBuckets(window) }, (_, index) => {
    const part = parts.get(first + index)
    return [(first + index) * window.stepMs, part === undefined ? null : partValue(aggregate, part)]
  })
}
