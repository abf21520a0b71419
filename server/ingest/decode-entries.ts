// Entries of the journal as what they say, for both consumers.
import type { Batch } from '../../protocol/batch.ts'
import {
  type DecodedBatch,
  type PackedBatch,
  packBatch,
  readStoredBatch,
  skewMsOf,
  unpackBatch,
} from './decode-batch.ts'
import type { JournalEntry } from './journal-entry.ts'
import { shapeOf } from './series-shapes.ts'

export type DecodedEntry = DecodedBatch & { batch: Omit<Batch, 'series'>; packed: PackedBatch }
/** `subjectId` is the device that the entry's agent speaks for. Nobody may change what comes back. */
export type DecodeEntry = (entry: JournalEntry, subjectId: string) => DecodedEntry

/** A consumer that is further behind than this reads for itself. */
const KEPT_ENTRIES = 1_000

function packEntry(entry: JournalEntry): PackedBatch {
  if (entry.packed !== undefined) return entry.packed
  const batch = readStoredBatch(entry.body)
  return packBatch(batch, shapeOf(batch.series), skewMsOf(entry))
}

function unpackEntry(packed: PackedBatch, agentId: string, subjectId: string): DecodedEntry {
  return { packed, batch: packed.rest, ...unpackBatch(packed, { subjectId, agentId }) }
}

export const decodeEntry: DecodeEntry = (entry, subjectId) => unpackEntry(packEntry(entry), entry.agentId, subjectId)

/** For two consumers; each asks once for each entry, in order. What had to be read waits for the one that is behind. */
export function createDecodeEntry(): DecodeEntry {
  const kept = new Map<number, PackedBatch>()
  let newestId = 0
  return (entry, subjectId) => {
    if (entry.packed !== undefined) return decodeEntry(entry, subjectId)
    const known = kept.get(entry.id)
    if (entry.id <= newestId) {
      // Whoever is behind asks in order: what lies before this one is asked for no more.
      for (const id of kept.keys()) {
        if (id > entry.id) break
        kept.delete(id)
      }
      return unpackEntry(known ?? packEntry(entry), entry.agentId, subjectId)
    }
    newestId = entry.id
    const packed = packEntry(entry)
    if (kept.size < KEPT_ENTRIES) kept.set(entry.id, packed)
    return unpackEntry(packed, entry.agentId, subjectId)
  }
}
