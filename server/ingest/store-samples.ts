// What the consumer "series" does with journal entries: puts their samples in the series store, in columns.
import type { AppendReport, SeriesKey, SeriesStore } from '../stores/series/series-store.ts'
import type { PackedBatch } from './decode-batch.ts'
import { createReadEntry, type DecodeEntry } from './decode-entries.ts'
import type { JournalEntry } from './journal-entry.ts'
import { createPace } from './pace.ts'
import type { Shape } from './series-shapes.ts'

export type StoreSamplesDeps = {
  series: Pick<SeriesStore, 'appendColumns' | 'ownKey'>
  /** The device that an agent speaks for; null when there is no such agent on record. */
  subjectOf: (agentId: string) => Promise<string | null>
  /** An agent without a record passed the door: its samples belong to nobody and are left out. A person must look. */
  decode?: DecodeEntry
  onUnknownAgent: (entry: { id: number; agentId: string }) => void
  onStored?: (report: AppendReport & { correctedBatches: number; negativeGrowthPoints: number }) => void
}

/** More at a time gain nothing, and live long enough to be copied about by the garbage collector. */
const MOST_TOGETHER = 500

/** Idempotent, as a consumer's `handle` must be: a sample that is delivered again counts as a duplicate. */
export function createStoreSamples(deps: StoreSamplesDeps) {
  const { series, subjectOf, onUnknownAgent, onStored, decode = createReadEntry() } = deps
  const pace = createPace()
  const keysOf = createKeysOf(series)

  /** As many entries from here on as there is time for. */
  async function gather(entries: readonly JournalEntry[], from: number): Promise<Gathered> {
    const mayGoOn = pace.slice()
    const batches: Gathered['batches'] = []
    let next = from
    while (next < entries.length && batches.length < MOST_TOGETHER && (next === from || mayGoOn())) {
      const entry = entries[next++]
      if (entry === undefined) continue
      const { id, agentId } = entry
      const subjectId = await subjectOf(agentId)
      if (subjectId === null) onUnknownAgent({ id, agentId })
      else {
        const packed = decode(entry)
        batches.push({ packed, keys: keysOf(agentId, subjectId, packed.shape) })
      }
    }
    return { batches, next }
  }

  async function store({ batches }: Gathered): Promise<void> {
    const columns = columnsOf(batches)
    const report = await series.appendColumns(columns)
    let correctedBatches = 0
    let negativeGrowthPoints = 0
    for (const { packed } of batches) {
      if (packed.correctedByMs !== 0) correctedBatches++
      negativeGrowthPoints += packed.negativeGrowthPoints
    }
    onStored?.({ ...report, correctedBatches, negativeGrowthPoints })
  }

  return async (entries: readonly JournalEntry[]): Promise<void> => {
    // The next slice is read while the disk has the one before.
    let storing = Promise.resolve()
    for (let from = 0; from < entries.length; ) {
      await pace.turn()
      const gathered = await gather(entries, from)
      const before = storing
      storing = store(gathered)
      // It is waited for a slice later, and must not count as unheard until then.
      storing.catch(() => {})
      await before
      from = gathered.next
    }
    await storing
  }
}

type Gathered = { batches: { packed: PackedBatch; keys: readonly SeriesKey[] }[]; next: number }

/** The store's own keys of what an agent tells, which is the same each time: looked up once. */
function createKeysOf(series: Pick<SeriesStore, 'ownKey'>) {
  const known = new Map<string, { shape: Shape; keys: SeriesKey[] }>()
  return (agentId: string, subjectId: string, shape: Shape): readonly SeriesKey[] => {
    const last = known.get(agentId)
    if (last?.shape === shape) return last.keys
    const keys = shape.series.map(({ subject, metric, labels }) =>
      series.ownKey({ subjectId: subject ?? subjectId, metric, labels, agentId }),
    )
    known.set(agentId, { shape, keys })
    return keys
  }
}

function columnsOf(batches: Gathered['batches']) {
  let length = 0
  for (const { packed } of batches) length += packed.ats.length
  const keys = new Array<SeriesKey>(length)
  const [ats, values] = [new Float64Array(length), new Float64Array(length)]
  let place = 0
  for (const { packed, keys: own } of batches) {
    const { counts } = packed
    ats.set(packed.ats, place)
    values.set(packed.values, place)
    for (let index = 0; index < own.length; index++) {
      const key = own[index] as SeriesKey
      for (let count = counts?.[index] ?? 1; count > 0; count--) keys[place++] = key
    }
  }
  return { keys, ats, values }
}
