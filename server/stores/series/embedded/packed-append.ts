// An append on its way to the worker thread: numbers in one block that is handed over, not copied.
import { checkEntries } from '../append-limits.ts'
import { seriesKeyText } from '../series-key.ts'
import type { SeriesEntry } from '../series-store.ts'

/** `samples` holds at, value, at, value ...; the first `counts[0]` pairs belong to `keys[0]`, and so on. */
export type PackedAppend = { now: number; keys: string[]; counts: Uint32Array; samples: Float64Array }

/** Throws bad-input on a malformed entry. */
export function packAppend(entries: readonly SeriesEntry[], now: number): PackedAppend {
  checkEntries(entries)
  const total = entries.reduce((sum, { samples }) => sum + samples.length, 0)
  const packed: PackedAppend = {
    now,
    keys: entries.map(({ key }) => seriesKeyText(key)),
    counts: Uint32Array.from(entries, ({ samples }) => samples.length),
    samples: new Float64Array(total * 2),
  }
  let position = 0
  for (const { samples } of entries) {
    for (const [at, value] of samples) {
      packed.samples[position++] = at
      // Minus zero becomes zero, as SQLite would make it.
      packed.samples[position++] = value + 0
    }
  }
  return packed
}

/** Calls `visit` for every sample, in order. */
export function visitPacked(
  { keys, counts, samples }: PackedAppend,
  visit: (key: string, at: number, value: number) => void,
): void {
  let position = 0
  for (const [index, key] of keys.entries()) {
    for (let left = counts[index] ?? 0; left > 0; left--) {
      visit(key, samples[position] ?? 0, samples[position + 1] ?? 0)
      position += 2
    }
  }
}
