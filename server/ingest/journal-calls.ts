// What the main thread may ask of the worker that owns the journal.
import type { SeriesStoreHealth } from '../stores/series/series-store.ts'
import type { JournalDepth, JournalLimits, JournalOrder, JournalOutcome } from './journal-file.ts'
import type { StoredBatch } from './journal-record.ts'

export type JournalCalls = {
  commit: { request: JournalOrder; response: JournalOutcome }
  read: { request: { afterId: number; limit: number }; response: StoredBatch[] }
  cursor: { request: string; response: number }
  depth: { request: string; response: JournalDepth }
  trim: { request: null; response: null }
  backup: { request: string; response: null }
  check: { request: null; response: SeriesStoreHealth }
}

export type JournalWorkerData = {
  directory: string
  consumers: readonly string[]
  limits: JournalLimits
  groupMs: number
}
