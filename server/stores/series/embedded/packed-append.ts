// An append on its way to the worker thread: three columns in memory that both threads share.
import { checkColumns, checkEntries, checkKey } from '../append-limits.ts'
import type { SeriesColumns, SeriesEntry } from '../series-store.ts'
import type { ColumnPool, Columns } from './column-pool.ts'
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

/** The calling thread packs no more than this at a time: some milliseconds. */
const MOST_SAMPLES = 10_000
/** New series cost much more than known ones: after so many it looks at the clock. */
const NEW_A_LOOK = 100

/** A part of an append; `next`: the first place that is not in it. */
export type PackedPart = { packed: PackedAppend; next: number }

/** `mayGoOn`: whether the calling thread still has time in this turn of the event loop. */
export type Packing = { now: number; names: SeriesNames; columns: ColumnPool; mayGoOn: () => boolean }

/** Series of one append that the worker may not know yet. */
function createUntold({ names, mayGoOn }: Packing) {
  const untold: SeriesName[] = []
  const seen = new Set<number>()
  return {
    untold,
    /** Whether there is time for another one. */
    note(id: number): boolean {
      if (names.isTold(id) || seen.has(id)) return true
      seen.add(id)
      untold.push(names.nameOf(id))
      return untold.length % NEW_A_LOOK !== 0 || mayGoOn()
    },
  }
}

const upTo = ({ ids, ats, values }: Columns, length: number): Columns => ({
  ids: ids.subarray(0, length),
  ats: ats.subarray(0, length),
  values: values.subarray(0, length),
})

/** Entries that are good, from place `from` on, as many as are packed at a time. */
export function packAppend(entries: readonly SeriesEntry[], from: number, packing: Packing): PackedPart {
  const { now, names } = packing
  let total = 0
  let end = from
  for (; end < entries.length; end++) {
    const more = entries[end]?.samples.length ?? 0
    if (end > from && total + more > MOST_SAMPLES) break
    total += more
  }
  const taken = packing.columns.take(total)
  const { ids, ats, values } = taken
  const { untold, note } = createUntold(packing)
  let place = 0
  let id = -1
  let next = from
  let hasTime = true
  for (; next < end && hasTime; next++) {
    const entry = entries[next]
    if (entry === undefined) continue
    const { key, samples } = entry
    const { length } = samples
    if (length === 0) continue
    id = names.idOf(key, id)
    hasTime = note(id)
    for (let index = 0; index < length; index++) {
      const sample = samples[index]
      ids[place] = id
      ats[place] = sample?.[0] ?? 0
      // Minus zero becomes zero.
      values[place++] = (sample?.[1] ?? 0) + 0
    }
  }
  return { packed: { now, names: untold, ...upTo(taken, place) }, next }
}

/** Throws bad-input on malformed columns. Of keys whatever has none of its own in the store. */
export function checkAllColumns(columns: SeriesColumns, names: SeriesNames): void {
  checkColumns(columns)
  const { keys } = columns
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place]
    if (key !== undefined && !names.isOwn(key)) checkKey(key, `keys.${place}`)
  }
}

/** The same of columns that are good. */
export function packColumns(from: SeriesColumns, first: number, packing: Packing): PackedPart {
  const { now, names } = packing
  const end = Math.min(from.keys.length, first + MOST_SAMPLES)
  const taken = packing.columns.take(end - first)
  const { ids, ats, values } = taken
  const { untold, note } = createUntold(packing)
  let id = -1
  let next = first
  let hasTime = true
  for (; next < end && hasTime; next++) {
    const key = from.keys[next]
    if (key === undefined) continue
    id = names.idOf(key, id)
    hasTime = note(id)
    const place = next - first
    ids[place] = id
    ats[place] = from.ats[next] ?? 0
    values[place] = (from.values[next] ?? 0) + 0
  }
  return { packed: { now, names: untold, ...upTo(taken, next - first) }, next }
}

/** Gives series that left (SeriesNames) the numbers that their keys have now; the answer are the names that the worker needs for it. */
export function renameGone(ids: Uint32Array, gone: readonly number[], names: SeriesNames): SeriesName[] {
  const renamed = new Map(gone.map(id => [id, names.idOf(names.keyOf(id))]))
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place] ?? 0
    ids[place] = renamed.get(id) ?? id
  }
  return [...new Set(ids)].filter(id => !names.isTold(id)).map(names.nameOf)
}
