// Entries of the journal as what they say, for both consumers: the second one gets what the first one decoded.
import type { Batch } from '../../protocol/batch.ts'
import { type DecodedBatch, decodeBatch, readStoredBatch, skewMsOf } from './decode-batch.ts'
import type { JournalEntry } from './journal.ts'

export type DecodedEntry = DecodedBatch & { batch: Batch }
/** `subjectId` is the device that the entry's agent speaks for. Nobody may change what comes back. */
export type DecodeEntry = (entry: JournalEntry, subjectId: string) => DecodedEntry

/** So many are decoded before requests have their turn. */
export const ENTRIES_A_TURN = 50

/** A consumer that is further behind than this decodes for itself. */
const KEPT_ENTRIES = 1_000

export function decodeEntry(entry: JournalEntry, subjectId: string): DecodedEntry {
  const batch = entry.parsed ?? readStoredBatch(entry.body)
  return { batch, ...decodeBatch(batch, { subjectId, agentId: entry.agentId, skewMs: skewMsOf(entry) }) }
}

/** For two consumers; each asks once for each entry, in order. What is kept waits for the one that is behind. */
export function createDecodeEntry(): DecodeEntry {
  const kept = new Map<number, DecodedEntry>()
  let newestId = 0
  return (entry, subjectId) => {
    const known = kept.get(entry.id)
    if (entry.id <= newestId) {
      // Whoever is behind asks in order: what lies before this one is asked for no more.
      for (const id of kept.keys()) {
        if (id > entry.id) break
        kept.delete(id)
      }
      return known ?? decodeEntry(entry, subjectId)
    }
    newestId = entry.id
    const decoded = decodeEntry(entry, subjectId)
    if (kept.size < KEPT_ENTRIES) kept.set(entry.id, decoded)
    return decoded
  }
}
