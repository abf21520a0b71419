// The ingest journal: an accepted batch is on disk here before anyone hears of it, and stays until every consumer had it.
import { Worker } from 'node:worker_threads'
import { StorageError } from '../stores/durable/storage-error.ts'
import { openWorkerLink } from '../stores/durable/worker-link.ts'
import type { SeriesStoreHealth } from '../stores/series/series-store.ts'
import type { PackedBatch } from './decode-batch.ts'
import type { JournalCalls, JournalWorkerData } from './journal-calls.ts'
import type { Delivered, JournalEntry } from './journal-entry.ts'
import type { JournalDepth } from './journal-file.ts'
import { createRecentEntries } from './recent-entries.ts'

/** The slowest consumer is too far behind: whoever delivers must wait. */
export class JournalFullError extends Error {
  readonly code = 'journal-full'

  constructor() {
    super('the journal holds as much as it may: its slowest consumer is too far behind')
    this.name = 'JournalFullError'
  }
}

export type Journal = {
  /**
   * Resolves after the batch is durable, or was before (`duplicate`). Rejects with JournalFullError, or with a
   * StorageError (storage-full, storage-failed, worker-stopped, closed): then the batch counts as not delivered.
   */
  append(batch: Delivered): Promise<{ duplicate: boolean }>
  /** The next entries after this id, oldest first; fewer than `limit` when they are large. Empty when there are none. */
  read(afterId: number, limit: number): Promise<JournalEntry[]>
  /** Id of the last entry that this consumer is done with; 0 before the first. */
  cursor(name: string): Promise<number>
  /** Durable when it resolves. Never goes back. */
  advance(name: string, id: number): Promise<void>
  /** Deletes what every consumer has passed. Happens by itself as consumers advance. */
  trim(): Promise<void>
  /** How much waits for this consumer. */
  depth(name: string): Promise<JournalDepth>
  /** Copies the journal into this folder, as a start reads it: all that was appended before the call. Appends go on meanwhile. */
  backup(folder: string): Promise<void>
  /** Calls the listener after new entries. Returns how to leave. */
  onAppend(listener: () => void): () => void
  /** Tries a real write. Never rejects. */
  check(): Promise<SeriesStoreHealth>
  close(): Promise<void>
}

export type JournalDeps = {
  /** The data directory; journal.db and journal/ are made in it. */
  directory: string
  /** Names of all consumers. An entry is kept until each of them is past it; a name that is no longer here is forgotten. */
  consumers: readonly string[]
  /** How far the slowest consumer may be behind before batches are refused. */
  maxEntries?: number
  maxBytes?: number
  /** Batches that arrive within this time share one fsync. */
  groupMs?: number
  startWorker?: (data: JournalWorkerData) => Worker
}

export const JOURNAL_MAX_ENTRIES = 50_000
export const JOURNAL_MAX_BYTES = 512 * 1024 * 1024

export function startJournalWorker(data: JournalWorkerData): Worker {
  return new Worker(new URL('./journal-worker.ts', import.meta.url), { workerData: data, name: 'journal' })
}

/** Rejects with a StorageError when its files cannot be opened. */
export async function createJournal(deps: JournalDeps): Promise<Journal> {
  const { directory, consumers, groupMs = 8, startWorker = startJournalWorker } = deps
  const limits = { maxEntries: deps.maxEntries ?? JOURNAL_MAX_ENTRIES, maxBytes: deps.maxBytes ?? JOURNAL_MAX_BYTES }
  const link = await openWorkerLink<JournalCalls>(() => startWorker({ directory, consumers, limits, groupMs }))
  const listeners = new Set<() => void>()
  const recent = createRecentEntries<Extract<JournalEntry, { packed: PackedBatch }>>(consumers, ({ packed }) =>
    bytesOf(packed),
  )

  return {
    async append({ body, packed, ...named }) {
      const bytes = ownBytes(body)
      const outcome = await link.call('commit', { kind: 'append', batch: { ...named, body: bytes } }, [bytes.buffer])
      if (outcome.kind === 'full') throw new JournalFullError()
      if (outcome.kind === 'accepted') {
        if (packed !== undefined) recent.add({ ...named, id: outcome.id, packed })
        for (const listener of listeners) listener()
      }
      return { duplicate: outcome.kind === 'duplicate' }
    },

    async read(afterId, limit) {
      const known = recent.after(afterId, limit)
      if (known !== null) return known
      const found = await link.call('read', { afterId, limit })
      return found.map(entry => ({ ...entry, body: bufferOf(entry.body) }))
    },

    cursor: name => link.call('cursor', name),

    async advance(name, id) {
      const outcome = await link.call('commit', { kind: 'advance', name, id })
      if (outcome.kind === 'unknown')
        throw new StorageError('bad-input', `no consumer "${name}" or no entry ${id} in the journal`)
      recent.passed(name, id)
    },

    async trim() {
      await link.call('trim', null)
    },

    depth: name => link.call('depth', name),

    async backup(folder) {
      await link.call('backup', folder)
    },

    onAppend(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    async check() {
      try {
        return await link.call('check', null)
      } catch (error) {
        const code = error instanceof StorageError ? error.code : 'storage-failed'
        return { ok: false, problems: [{ code, message: error instanceof Error ? error.message : String(error) }] }
      }
    },

    close: () => link.close(),
  }
}

/** Two columns, and what comes with them. */
function bytesOf({ ats, values }: PackedBatch): number {
  return ats.byteLength + values.byteLength + OBJECTS_BYTES
}

const OBJECTS_BYTES = 700

/** Memory that can be handed over: that of a request is its own already, smaller texts may share theirs with others. */
function ownBytes(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(body)
}

/** The same bytes. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
