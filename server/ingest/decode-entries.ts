// Entries of the journal as what they say, for both consumers.
import { type PackedBatch, packBatch, readStoredBatch, skewMsOf } from './decode-batch.ts'
import type { JournalEntry } from './journal-entry.ts'
import { createSeriesShapes, type SeriesShapes } from './series-shapes.ts'

/** Nobody may change what comes back. */
export type DecodeEntry = (entry: JournalEntry) => PackedBatch

/** A consumer that is further behind than this reads for itself. */
const KEPT_ENTRIES = 1_000

/** For one consumer. */
export function createReadEntry(shapes: SeriesShapes = createSeriesShapes()): DecodeEntry {
  return entry => {
    if (entry.packed !== undefined) return entry.packed
    const batch = readStoredBatch(entry.body)
    return packBatch(batch, shapes.of(entry.agentId, batch.series), skewMsOf(entry))
  }
}

/** For two consumers; each asks once for each entry, in order. What had to be read waits for the one that is behind. */
export function createDecodeEntry(shapes: SeriesShapes): DecodeEntry {
  const read = createReadEntry(shapes)
  const kept = new Map<number, PackedBatch>()
  let newestId = 0
  return entry => {
    if (entry.packed !== undefined) return entry.packed
    const known = kept.get(entry.id)
    if (entry.id <= newestId) {
      // Whoever is behind asks in order: what lies before this one is asked for no more.
      for (const id of kept.keys()) {
        if (id > entry.id) break
        kept.delete(id)
      }
      return known ?? read(entry)
    }
    newestId = entry.id
    const packed = read(entry)
    if (kept.size < KEPT_ENTRIES) kept.set(entry.id, packed)
    return packed
  }
}
