// The series store without anything to install: SQLite in a worker thread, one file a week in `directory`.
import { Worker } from 'node:worker_threads'
import { StorageError } from '../../durable/storage-error.ts'
import { openWorkerLink } from '../../durable/worker-link.ts'
import { checkPoints, countBuckets } from '../buckets.ts'
import { growthPoints, maxGapOf } from '../growth.ts'
import { checkPercentile, percentileOfPoints } from '../percentile.ts'
import type { GrowthQuery, RangeSeries, SeriesStore } from '../series-store.ts'
import { packAppend } from './packed-append.ts'
import type { SeriesCalls, SeriesWorkerData } from './series-calls.ts'

export type EmbeddedSeriesStoreDeps = {
  directory: string
  now: () => number
  /** How long samples are kept; left out, for good. Looked at when the store opens and then once an hour, on an append. */
  retentionMs?: number
  /** Appends that arrive within this time share one fsync. */
  groupMs?: number
  startWorker?: (data: SeriesWorkerData) => Worker
}

const RETENTION_EVERY_MS = 3_600_000

export function startSeriesWorker(data: SeriesWorkerData): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, name: 'series-store' })
}

/** Rejects with a StorageError when the files cannot be opened. */
export async function createEmbeddedSeriesStore(deps: EmbeddedSeriesStoreDeps): Promise<SeriesStore> {
  const { directory, now, retentionMs, groupMs = 4, startWorker = startSeriesWorker } = deps
  const link = await openWorkerLink<SeriesCalls>(() => startWorker({ directory, groupMs }))
  let retentionDueAt = Number.NEGATIVE_INFINITY
  let retentionFailure: StorageError | null = null

  async function keepRetention(): Promise<void> {
    if (retentionMs === undefined || now() < retentionDueAt) return
    retentionDueAt = now() + RETENTION_EVERY_MS
    try {
      await link.call('forgetBefore', Math.max(0, now() - retentionMs))
      retentionFailure = null
    } catch (error) {
      // Old samples that stay a while longer refuse nothing to anyone; `check` tells of it.
      retentionFailure = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
    }
  }

  await keepRetention()

  async function growth(query: GrowthQuery): Promise<RangeSeries[]> {
    const buckets = countBuckets(query)
    const answer: RangeSeries[] = []
    for (const { key, samples } of await link.call('raw', {
      ...query,
      from: Math.max(0, query.from - maxGapOf(query)),
    })) {
      const times = samples.map(([at]) => at)
      const values = samples.map(([, value]) => value)
      const points = growthPoints(times, values, samples.length, query, query)
      if (points !== null) answer.push({ key, points })
      checkPoints(answer.length * buckets)
    }
    return answer
  }

  return {
    async append(entries) {
      const packed = packAppend(entries, now())
      void keepRetention()
      return link.call('append', packed, [packed.counts.buffer as ArrayBuffer, packed.samples.buffer as ArrayBuffer])
    },
    latest: filter => link.call('latest', filter ?? {}),
    range: query => link.call('range', query),
    growth,
    async percentile({ percentile, of, ...window }) {
      checkPercentile(percentile)
      const series =
        'aggregate' in of ? await link.call('range', { ...window, ...of }) : await growth({ ...window, ...of })
      return series.flatMap(({ key, points }) => {
        const found = percentileOfPoints(points, percentile)
        return found === null ? [] : [{ key, ...found }]
      })
    },
    async backup() {
      throw new StorageError('not-supported', 'not yet')
    },
    raw: query => link.call('raw', query),
    listSeries: filter => link.call('listSeries', filter ?? {}),
    async forgetBefore(at) {
      await link.call('forgetBefore', at)
    },
    size: () => link.call('size', null),
    async check() {
      try {
        const health = await link.call('check', null)
        if (retentionFailure === null) return health
        const { code, message } = retentionFailure
        return { ok: false, problems: [...health.problems, { code, message: `retention: ${message}` }] }
      } catch (error) {
        const failure = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
        return { ok: false, problems: [{ code: failure.code, message: failure.message }] }
      }
    },
    close: () => link.close(),
  }
}
