// The series store without anything to install: a log, blocks and tiers in `directory`, kept by a worker thread.
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { StorageError } from '../../durable/storage-error.ts'
import { openWorkerLink } from '../../durable/worker-link.ts'
import type { SeriesStore, SeriesStoreHealth } from '../series-store.ts'
import { type EngineCalls, KEEP_ALL, type SeriesRetention } from './engine-calls.ts'
import { createSeriesFront } from './series-front.ts'
import { createSeriesNames } from './series-names.ts'
import type { SeriesWorkerData } from './worker.ts'

export type EmbeddedSeriesStoreDeps = {
  directory: string
  now: () => number
  /** How long samples are kept, and each tier; left out, for good. Looked at when the store opens and then once an hour. */
  retentionMs?: number
  tierRetention?: Omit<SeriesRetention, 'rawMs'>
  /** What the samples that are not in blocks yet may take of memory. */
  memoryLimitBytes?: number
  /** Appends that arrive within this time share one fsync; at most 100. */
  groupMs?: number
  startWorker?: (data: SeriesWorkerData) => Worker
}

export type EmbeddedSeriesStore = SeriesStore & {
  /** Reads all files against their checksums; damage is named, a flipped bit put right. Minutes on a large store. */
  verify(): Promise<SeriesStoreHealth>
}

const RETENTION_EVERY_MS = 3_600_000
export const DEFAULT_MEMORY_LIMIT_BYTES = 128 * 1024 * 1024

/** The thread makes little garbage, and gains nothing from letting more of it lie: with 16 it was no faster and 12 MiB larger. */
const YOUNG_MIB = 6

export function startSeriesWorker(data: SeriesWorkerData): Worker {
  // Where the process was given the flag (pantau.mjs), it would outdo the limits of every thread. The main thread has its heap already.
  setFlagsFromString('--max-semi-space-size=0')
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB }
  return new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, name: 'series-store', resourceLimits })
}

/** Rejects with a StorageError when the files cannot be opened. */
export async function createEmbeddedSeriesStore(deps: EmbeddedSeriesStoreDeps): Promise<EmbeddedSeriesStore> {
  const { directory, now, retentionMs = null, tierRetention = KEEP_ALL, startWorker = startSeriesWorker } = deps
  const { groupMs = 4, memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES } = deps
  const retention = { ...tierRetention, rawMs: retentionMs }
  const link = await openWorkerLink<EngineCalls>(() =>
    startWorker({ directory, memoryLimitBytes, retention, groupMs: Math.min(groupMs, 100) }),
  )
  const front = createSeriesFront({ call: link.call, names: createSeriesNames(await link.call('names', null)) })
  let retentionDueAt = Number.NEGATIVE_INFINITY
  let retentionFailure: StorageError | null = null

  async function keepRetention(): Promise<void> {
    if (now() < retentionDueAt) return
    retentionDueAt = now() + RETENTION_EVERY_MS
    try {
      await front.dropNames(await link.call('retain', { now: now() }))
      retentionFailure = null
    } catch (error) {
      // Old samples that stay a while longer refuse nothing to anyone; `check` tells of it.
      retentionFailure = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
    }
  }

  async function health(name: 'check' | 'verify'): Promise<SeriesStoreHealth> {
    try {
      const found = await link.call(name, null)
      if (retentionFailure === null) return found
      const { code, message } = retentionFailure
      return { ok: false, problems: [...found.problems, { code, message: `retention: ${message}` }] }
    } catch (error) {
      const failure = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
      return { ok: false, problems: [{ code: failure.code, message: failure.message }] }
    }
  }

  await keepRetention()

  return {
    ...front,
    append(entries) {
      const report = front.append(entries, now())
      void keepRetention()
      return report
    },
    appendColumns(columns) {
      const report = front.appendColumns(columns, now())
      void keepRetention()
      return report
    },
    check: () => health('check'),
    verify: () => health('verify'),
    close: () => link.close(),
  }
}
