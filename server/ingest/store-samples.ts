// What the consumer "series" does with journal entries: decodes them and puts the samples in the series store.
import type { AppendReport, SeriesEntry, SeriesStore } from '../stores/series/series-store.ts'
import { type DecodeEntry, decodeEntry } from './decode-entries.ts'
import type { JournalEntry } from './journal-entry.ts'
import { createPace } from './pace.ts'

export type StoreSamplesDeps = {
  series: Pick<SeriesStore, 'append'>
  /** The device that an agent speaks for; null when there is no such agent on record. */
  subjectOf: (agentId: string) => Promise<string | null>
  /** An agent without a record passed the door: its samples belong to nobody and are left out. A person must look. */
  decode?: DecodeEntry
  onUnknownAgent: (entry: { id: number; agentId: string }) => void
  onStored?: (report: AppendReport & { correctedBatches: number; negativeGrowthPoints: number }) => void
}

/** Requests have their turn between; and what many say as objects lives long enough to be copied about as garbage. */
const ENTRIES_A_MS = 5

/** Idempotent, as a consumer's `handle` must be: a sample that is delivered again counts as a duplicate. */
export function createStoreSamples(deps: StoreSamplesDeps) {
  const { series, subjectOf, onUnknownAgent, onStored, decode = decodeEntry } = deps
  const pace = createPace()

  async function store(entries: readonly JournalEntry[]): Promise<void> {
    const found: SeriesEntry[] = []
    let correctedBatches = 0
    let negativeGrowthPoints = 0
    for (const entry of entries) {
      const subjectId = await subjectOf(entry.agentId)
      if (subjectId === null) {
        onUnknownAgent({ id: entry.id, agentId: entry.agentId })
        continue
      }
      const decoded = decode(entry, subjectId)
      for (const one of decoded.entries) found.push(one)
      if (decoded.correctedByMs !== 0) correctedBatches++
      negativeGrowthPoints += decoded.negativeGrowthPoints
    }
    const report = await series.append(found)
    onStored?.({ ...report, correctedBatches, negativeGrowthPoints })
  }

  return async (entries: readonly JournalEntry[]): Promise<void> => {
    // The next slice is read while the disk has the one before.
    let storing = Promise.resolve()
    for (let from = 0; from < entries.length; ) {
      await pace.turn()
      const some = entries.slice(from, from + Math.ceil(pace.sliceMs() * ENTRIES_A_MS))
      const before = storing
      storing = store(some)
      // It is waited for a slice later, and must not count as unheard until then.
      storing.catch(() => {})
      await before
      from += some.length
    }
    await storing
  }
}
