// The plainest series store: everything in maps. For tests, and the measure that the others are held against.

import { StorageError } from '../durable/storage-error.ts'
import { checkEntries, checkKey, entriesOfColumns, timeliness } from './append-limits.ts'
import { type BucketPart, bucketPoints, checkPoints, checkWindow, countBuckets, mergeParts } from './buckets.ts'
import { growthPoints, maxGapOf } from './growth.ts'
import { checkPercentile, percentileOfPoints } from './percentile.ts'
import { frozenKey, isSelected, listFilter, seriesKeyText } from './series-key.ts'
import type {
  AppendReport,
  GrowthQuery,
  LatestSample,
  RangeQuery,
  RangeSeries,
  SeriesEntry,
  SeriesKey,
  SeriesSelection,
  SeriesStore,
} from './series-store.ts'

type MemorySeries = { key: SeriesKey; values: Map<number, number> }

/** Nothing survives the process: `append` resolves when the samples are in memory. */
export function createMemorySeriesStore({ now }: { now: () => number }): SeriesStore {
  const seriesByKey = new Map<string, MemorySeries>()
  let horizon = 0
  let closed = false

  const assertOpen = () => {
    if (closed) throw new StorageError('closed', 'the series store is closed')
  }

  function selectSamples(selection: SeriesSelection, from: number, to: number) {
    return [...seriesByKey.values()]
      .filter(series => isSelected(series.key, selection))
      .map(({ key, values }) => ({
        key,
        samples: [...values].filter(([at]) => at >= from && at < to).sort(([a], [b]) => a - b),
      }))
      .filter(({ samples }) => samples.length > 0)
  }

  function newest({ key, values }: MemorySeries): LatestSample {
    let at = -1
    for (const candidate of values.keys()) at = Math.max(at, candidate)
    return { key, at, value: values.get(at) ?? Number.NaN }
  }

  function range(query: RangeQuery): RangeSeries[] {
    const { aggregate, stepMs, from, to } = query
    const buckets = countBuckets(query)
    const selected = selectSamples(query, from, to)
    checkPoints(selected.length * buckets)
    return selected.map(({ key, samples }) => {
      const parts = new Map<number, BucketPart>()
      for (const [at, value] of samples) {
        const bucket = Math.floor(at / stepMs)
        const earlier = parts.get(bucket)
        const one = { count: 1, value }
        parts.set(bucket, earlier === undefined ? one : mergeParts(aggregate, earlier, one))
      }
      return { key, points: bucketPoints(query, aggregate, parts) }
    })
  }

  function growth(query: GrowthQuery): RangeSeries[] {
    const buckets = countBuckets(query)
    const answer: RangeSeries[] = []
    for (const { key, samples } of selectSamples(query, query.from - maxGapOf(query), query.to)) {
      const times = samples.map(([at]) => at)
      const values = samples.map(([, value]) => value)
      const points = growthPoints(times, values, samples.length, query, query)
      if (points !== null) answer.push({ key, points })
      checkPoints(answer.length * buckets)
    }
    return answer
  }

  function append(entries: readonly SeriesEntry[]): AppendReport {
    assertOpen()
    checkEntries(entries)
    const report: AppendReport = { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }
    for (const { key, samples } of entries) {
      const text = seriesKeyText(key)
      const series = seriesByKey.get(text) ?? { key: { ...key, labels: { ...key.labels } }, values: new Map() }
      for (const [at, value] of samples) {
        const time = timeliness(at, now(), horizon)
        if (time === 'too-late') report.tooLate++
        else if (time === 'too-early') report.tooEarly++
        else if (series.values.has(at)) report.duplicates++
        else {
          report.stored++
          series.values.set(at, value + 0)
        }
      }
      if (series.values.size > 0) seriesByKey.set(text, series)
    }
    return report
  }

  return {
    append: async entries => append(entries),
    appendColumns: async columns => append(entriesOfColumns(columns)),
    ownKey(key) {
      checkKey(key, 'key')
      return frozenKey(key)
    },

    async latest(filter = {}) {
      assertOpen()
      const wanted = listFilter(filter)
      return [...seriesByKey.values()].filter(({ key }) => wanted(key)).map(newest)
    },

    async range(query) {
      assertOpen()
      return range(query)
    },

    async growth(query) {
      assertOpen()
      return growth(query)
    },

    async percentile({ percentile, of, ...window }) {
      assertOpen()
      checkPercentile(percentile)
      const series = 'aggregate' in of ? range({ ...window, ...of }) : growth({ ...window, ...of })
      return series.flatMap(({ key, points }) => {
        const found = percentileOfPoints(points, percentile)
        return found === null ? [] : [{ key, ...found }]
      })
    },

    async raw(query) {
      assertOpen()
      checkWindow(query)
      const selected = selectSamples(query, query.from, query.to)
      checkPoints(selected.reduce((total, { samples }) => total + samples.length, 0))
      return selected
    },

    async listSeries(filter = {}) {
      assertOpen()
      const wanted = listFilter(filter)
      return [...seriesByKey.values()].map(({ key }) => key).filter(wanted)
    },

    async forgetBefore(at) {
      assertOpen()
      horizon = Math.max(horizon, at)
      for (const [text, { values }] of seriesByKey) {
        for (const instant of values.keys()) if (instant < horizon) values.delete(instant)
        if (values.size === 0) seriesByKey.delete(text)
      }
    },

    async size() {
      assertOpen()
      const samples = [...seriesByKey.values()].reduce((total, { values }) => total + values.size, 0)
      return { series: seriesByKey.size, samples, bytes: 0, memoryBytes: samples * 16, memoryLimitBytes: null }
    },

    async backup() {
      assertOpen()
      throw new StorageError('not-supported', 'a series store in memory has nothing to back up')
    },

    async check() {
      return closed
        ? { ok: false, problems: [{ code: 'closed', message: 'the series store is closed' }] }
        : { ok: true, problems: [] }
    },

    async close() {
      closed = true
    },
  }
}
