// An append on its way to the worker thread: three columns in memory that both threads share.
import { checkEntries } from '../append-limits.ts'
import type { SeriesEntry } from '../series-store.ts'
import type { ColumnPool } from './column-pool.ts'
import type { PackedAppend } from './engine-calls.ts'
import type { SeriesName } from './ledger.ts'
import type { SeriesNames } from './series-names.ts'

/** Exactly what `checkEntries` has nothing against, at a fraction of its cost. */
function isGood({ key, samples }: SeriesEntry): boolean {
  if (typeof key.subjectId !== 'string' || key.subjectId === '') return false
  if (typeof key.metric !== 'string' || key.metric === '') return false
  if (typeof key.agentId !== 'string' || key.agentId === '') return false
  for (const name in key.labels) if (typeof key.labels[name] !== 'string') return false
  for (let index = 0; index < samples.length; index++) {
    const sample = samples[index]
    if (sample === undefined || !Number.isSafeInteger(sample[0]) || sample[0] < 0) return false
    if (!Number.isFinite(sample[1])) return false
  }
  return true
}

/** Throws bad-input on a malformed entry. */
export function checkAll(entries: readonly SeriesEntry[]): void {
  for (const entry of entries) {
    // The slow check knows the words and the place.
    if (!isGood(entry)) checkEntries(entries)
  }
}

/** The calling thread packs no more than this at a time: some milliseconds. New series cost much more than known ones. */
const MOST_SAMPLES = 10_000
const MOST_NEW = 1_000

/** Entries that are good, from place `from` on, as many as are packed at a time; `next`: the place of the first one that is not. */
export function packAppend(
  entries: readonly SeriesEntry[],
  from: number,
  { now, names, columns }: { now: number; names: SeriesNames; columns: ColumnPool },
): { packed: PackedAppend; next: number } {
  let total = 0
  let end = from
  for (; end < entries.length; end++) {
    const more = entries[end]?.samples.length ?? 0
    if (end > from && total + more > MOST_SAMPLES) break
    total += more
  }
  const { ids, ats, values } = columns.take(total)
  const untold: SeriesName[] = []
  const seen = new Set<number>()
  let place = 0
  let id = -1
  let next = from
  for (; next < end && untold.length < MOST_NEW; next++) {
    const entry = entries[next]
    if (entry === undefined) continue
    const { key, samples } = entry
    const { length } = samples
    if (length === 0) continue
    id = names.idOf(key, id)
    if (!names.isTold(id) && !seen.has(id)) {
      seen.add(id)
      untold.push(names.nameOf(id))
    }
    for (let index = 0; index < length; index++) {
      const sample = samples[index]
      ids[place] = id
      ats[place] = sample?.[0] ?? 0
      // Minus zero becomes zero.
      values[place++] = (sample?.[1] ?? 0) + 0
    }
  }
  const part = { ids: ids.subarray(0, place), ats: ats.subarray(0, place), values: values.subarray(0, place) }
  return { packed: { now, names: untold, ...part }, next }
}
