// An append on its way to the worker thread: three columns that are handed over, not copied.
import { checkEntries } from '../append-limits.ts'
import type { SeriesEntry } from '../series-store.ts'
import type { PackedAppend } from './engine-calls.ts'
import type { SeriesNames } from './series-names.ts'

/** Throws bad-input on a malformed entry; then no series is made of it either. */
export function packAppend(entries: readonly SeriesEntry[], now: number, names: SeriesNames): PackedAppend {
  checkEntries(entries)
  let total = 0
  for (const { samples } of entries) total += samples.length
  const ids = new Uint32Array(total)
  const ats = new Float64Array(total)
  const values = new Float64Array(total)
  let place = 0
  for (const { key, samples } of entries) {
    if (samples.length === 0) continue
    const id = names.idOf(key)
    for (const sample of samples) {
      ids[place] = id
      ats[place] = sample[0]
      // Minus zero becomes zero.
      values[place++] = sample[1] + 0
    }
  }
  return { now, names: names.untold(ids), ids, ats, values }
}
