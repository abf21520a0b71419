// The percentile of some values by nearest rank, as bandwidth is settled: no value is made up between two others. Pure.
import { StorageError } from '../durable/storage-error.ts'

export function checkPercentile(percentile: number): void {
  if (!(percentile > 0 && percentile <= 100)) {
    throw new StorageError('bad-input', 'percentile must be above 0 and at most 100')
  }
}

/** The k-th least of `values` (from 0), which are put in another order. Quickselect: linear, where sorting is not. */
function nthLeast(values: Float64Array, nth: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >>> 1] ?? 0
    let left = low
    let right = high
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left++
      while ((values[right] ?? 0) > pivot) right--
      if (left > right) break
      const swapped = values[left] ?? 0
      values[left++] = values[right] ?? 0
      values[right--] = swapped
    }
    if (nth <= right) high = right
    else if (nth >= left) low = left
    else break
  }
  return values[nth] ?? Number.NaN
}

/** The least value that `percentile` of 100 do not exceed. `values`: at least one; their order is lost. */
export function percentileOf(values: Float64Array, percentile: number): number {
  // Against 99.9 / 100 * 1000 = 999.0000000000001 and the like.
  const rank = Math.ceil(Number(((percentile * values.length) / 100).toPrecision(12)))
  return nthLeast(values, Math.min(values.length, Math.max(1, rank)) - 1)
}

/** Of the points of one series; null where there is none. */
export function percentileOfPoints(
  points: readonly (readonly [at: number, value: number | null])[],
  percentile: number,
): { value: number; points: number } | null {
  const values = Float64Array.from(points.flatMap(([, value]) => (value === null ? [] : [value])))
  return values.length === 0 ? null : { value: percentileOf(values, percentile), points: values.length }
}
