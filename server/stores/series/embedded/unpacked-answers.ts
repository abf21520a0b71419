// The worker's packed answers as the port promises them.
import type { BucketWindow } from '../buckets.ts'
import type { LatestSample, RangeSeries, RawSeries, SeriesPercentile } from '../series-store.ts'
import type { PackedLatest, PackedPercentiles, PackedPoints, PackedSamples } from './engine-calls.ts'
import type { SeriesNames } from './series-names.ts'

export function unpackPoints({ ids, points, buckets }: PackedPoints, window: BucketWindow, names: SeriesNames) {
  const first = Math.floor(window.from / window.stepMs)
  return Array.from(ids, (id, row): RangeSeries => {
    const series: RangeSeries['points'] = new Array(buckets)
    for (let bucket = 0; bucket < buckets; bucket++) {
      const value = points[row * buckets + bucket] ?? Number.NaN
      series[bucket] = [(first + bucket) * window.stepMs, Number.isNaN(value) ? null : value]
    }
    return { key: names.keyOf(id), points: series }
  })
}

export function unpackSamples({ ids, counts, times, values }: PackedSamples, names: SeriesNames): RawSeries[] {
  let place = 0
  return Array.from(ids, (id, row): RawSeries => {
    const samples: RawSeries['samples'] = new Array(counts[row] ?? 0)
    for (let index = 0; index < samples.length; index++, place++) {
      samples[index] = [times[place] ?? 0, values[place] ?? 0]
    }
    return { key: names.keyOf(id), samples }
  })
}

export function unpackLatest({ ids, ats, values }: PackedLatest, names: SeriesNames): LatestSample[] {
  return Array.from(ids, (id, row) => ({ key: names.keyOf(id), at: ats[row] ?? 0, value: values[row] ?? 0 }))
}

export function unpackPercentiles({ ids, values, points }: PackedPercentiles, names: SeriesNames): SeriesPercentile[] {
  return Array.from(ids, (id, row) => ({ key: names.keyOf(id), value: values[row] ?? 0, points: points[row] ?? 0 }))
}
