// The embedded store itself, synchronous, as it runs in the worker thread: week files, and what is known of all series.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'
import { StorageError } from '../../durable/storage-error.ts'
import { timeliness } from '../append-limits.ts'
import {
  type BucketPart,
  bucketPoints,
  checkPoints,
  checkWindow,
  countBuckets,
  MAX_POINTS,
  mergeParts,
} from '../buckets.ts'
import type {
  AppendReport,
  LatestSample,
  RangeQuery,
  RangeSeries,
  RawQuery,
  RawSeries,
  SeriesListFilter,
  SeriesStoreHealth,
  SeriesStoreSize,
} from '../series-store.ts'
import { type PackedAppend, visitPacked } from './packed-append.ts'
import { type Period, periodOf } from './period.ts'
import type { PeriodFile } from './period-file.ts'
import { createPeriodFiles } from './period-files.ts'
import { createSeriesRegistry } from './series-registry.ts'
import { openStoreFile } from './store-file.ts'

export type SeriesEngine = {
  /** All in as few transactions as there are weeks in it; durable when it returns. */
  appendAll(appends: readonly PackedAppend[]): AppendReport[]
  latest(filter: SeriesListFilter): LatestSample[]
  range(query: RangeQuery): RangeSeries[]
  raw(query: RawQuery): RawSeries[]
  forgetBefore(at: number): void
  size(): SeriesStoreSize
  check(): SeriesStoreHealth
  close(): void
}

type Inserted = [key: string, at: number, value: number]

/** Throws StorageError. A damaged week costs that week: the store opens, and `check` names the file. */
export function openSeriesEngine(directory: string): SeriesEngine {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw storageError(error, directory)
  }
  const storeFile = openStoreFile(join(directory, 'series.db'))
  const files = createPeriodFiles(directory)
  const registry = createSeriesRegistry()
  const damaged = new Map<string, StorageError>()
  let horizon = storeFile.horizon()

  /** A week that turns out to be damaged is remembered, so that `check` tells of it. */
  function withPeriod<T>(period: Period, work: (file: PeriodFile) => T): T {
    try {
      return work(files.open(period))
    } catch (error) {
      if (error instanceof StorageError && error.code === 'damaged') damaged.set(period.name, error)
      throw error
    }
  }

  function learn(period: Period): void {
    try {
      withPeriod(period, file => {
        for (const { key, at, value } of file.newest()) if (at >= horizon) registry.note(key, at, value)
      })
    } catch (error) {
      if (!damaged.has(period.name)) throw error
    }
  }

  function periodsBetween(from: number, to: number): Period[] {
    return files.list().filter(period => period.from < to && period.to > from)
  }

  for (const period of files.list()) learn(period)

  function appendAll(appends: readonly PackedAppend[]): AppendReport[] {
    const touched = new Map<PeriodFile, Inserted[]>()
    const busy = new Set<PeriodFile>()
    let period: Period | undefined
    let file: PeriodFile | undefined

    function fileOf(at: number): PeriodFile {
      // Samples come in order of time: nearly always it is the week of the one before.
      if (period !== undefined && file !== undefined && at >= period.from && at < period.to) return file
      period = periodOf(at)
      file = files.open(period, busy)
      if (!busy.has(file)) {
        file.begin()
        busy.add(file)
        touched.set(file, [])
      }
      return file
    }

    try {
      const reports = appends.map(packed => {
        const report: AppendReport = { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }
        visitPacked(packed, (key, at, value) => {
          const time = timeliness(at, packed.now, horizon)
          if (time === 'too-late') report.tooLate++
          else if (time === 'too-early') report.tooEarly++
          else {
            const target = fileOf(at)
            if (target.insert(key, at, value)) {
              report.stored++
              touched.get(target)?.push([key, at, value])
            } else report.duplicates++
          }
        })
        return report
      })
      for (const [target, inserted] of touched) {
        target.commit()
        busy.delete(target)
        for (const [key, at, value] of inserted) registry.note(key, at, value)
      }
      return reports
    } catch (error) {
      // What is committed in another week's file stays: the caller repeats the whole append, and it counts once.
      for (const target of busy) target.rollback()
      throw error
    }
  }

  function range(query: RangeQuery): RangeSeries[] {
    const buckets = countBuckets(query)
    const { to, stepMs, aggregate } = query
    const from = Math.max(query.from, horizon)
    const answer: RangeSeries[] = []
    for (const { text, key } of registry.select(query)) {
      const parts = new Map<number, BucketPart>()
      for (const period of periodsBetween(from, to)) {
        for (const [bucket, part] of withPeriod(period, file => file.gather(text, from, to, stepMs, aggregate))) {
          const earlier = parts.get(bucket)
          parts.set(bucket, earlier === undefined ? part : mergeParts(aggregate, earlier, part))
        }
      }
      if (parts.size > 0) {
        checkPoints((answer.length + 1) * buckets)
        answer.push({ key, points: bucketPoints(query, aggregate, parts) })
      }
    }
    return answer
  }

  function raw(query: RawQuery): RawSeries[] {
    checkWindow(query)
    const from = Math.max(query.from, horizon)
    const answer: RawSeries[] = []
    let total = 0
    for (const { text, key } of registry.select(query)) {
      const samples: [number, number][] = []
      for (const period of periodsBetween(from, query.to)) {
        const more = withPeriod(period, file => file.samples(text, from, query.to, MAX_POINTS - total + 1))
        for (const sample of more) samples.push(sample)
        total += more.length
        checkPoints(total)
      }
      if (samples.length > 0) answer.push({ key, samples })
    }
    return answer
  }

  return {
    appendAll,
    latest: filter => registry.latest(filter),
    range,
    raw,

    forgetBefore(at) {
      if (at > horizon) {
        storeFile.setHorizon(at)
        horizon = at
        registry.forgetBefore(at)
      }
      for (const period of files.list()) {
        if (period.to > horizon) continue
        files.remove(period)
        damaged.delete(period.name)
      }
    },

    size() {
      const samples = files
        .list()
        .filter(({ name }) => !damaged.has(name))
        .reduce((total, period) => total + withPeriod(period, file => file.sampleCount()), 0)
      return { series: registry.size(), samples, bytes: files.bytes(), memoryBytes: 0, memoryLimitBytes: null }
    },

    check() {
      const problems = [...damaged.values()].map(({ code, message }) => ({ code: code as string, message }))
      try {
        storeFile.tryWrite()
      } catch (error) {
        const { code, message } = storageError(error, directory)
        problems.push({ code, message })
      }
      return { ok: problems.length === 0, problems }
    },

    close() {
      files.close()
      storeFile.close()
    },
  }
}
