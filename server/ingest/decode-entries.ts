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
  const batch = readStoredBatch(entry.body)
  return { batch, ...decodeBatch(batch, { subjectId, agentId: entry.agentId, skewMs: skewMsOf(entry) }) }
}

/** For two consumers; each asks once for each entry. */
export function createDecodeEntry(): DecodeEntry {
  const kept = new Map<number, DecodedEntry>()
  return (entry, subjectId) => {
    const known = kept.get(entry.id)
    if (known !== undefined) {
      kept.delete(entry.id)
      return known
    }
    const decoded = decodeEntry(entry, subjectId)
    kept.set(entry.id, decoded)
    const oldest = kept.size > KEPT_ENTRIES ? kept.keys().next() : undefined
    if (oldest !== undefined && oldest.done !== true) kept.delete(oldest.value)
    return decoded
  }
}
