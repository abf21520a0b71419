// What may be appended at all: well-formed entries, and instants that are neither too old nor from the future.
import { BATCH_LIMITS } from '../../../protocol/batch.ts'
import { StorageError } from '../durable/storage-error.ts'
import type { SeriesColumns, SeriesEntry, SeriesKey } from './series-store.ts'

export const LATE_MS = BATCH_LIMITS.lateMs
export const EARLY_MS = 10 * 60_000

export type Timeliness = 'in-time' | 'too-late' | 'too-early'

/** `horizon` is what `forgetBefore` was last told: nothing older comes back. */
export function timeliness(at: number, now: number, horizon: number): Timeliness {
  if (at > now + EARLY_MS) return 'too-early'
  return at < now - LATE_MS || at < horizon ? 'too-late' : 'in-time'
}

function bad(place: string, message: string): StorageError {
  return new StorageError('bad-input', `${place} ${message}`)
}

/** Throws bad-input; `place` is where the caller has it. */
export function checkKey(key: SeriesKey, place: string): void {
  for (const name of ['subjectId', 'metric', 'agentId'] as const) {
    if (typeof key[name] !== 'string' || key[name] === '') throw bad(`${place}.${name}`, 'must be a text')
  }
  for (const [name, value] of Object.entries(key.labels)) {
    if (typeof value !== 'string') throw bad(`${place}.labels.${name}`, 'must be a text')
  }
}

/** Throws bad-input with the place of the first mistake; so one caller's mistake never reaches a shared transaction. */
export function checkEntries(entries: readonly SeriesEntry[]): void {
  for (const [index, { key, samples }] of entries.entries()) {
    const place = `entries.${index}`
    checkKey(key, `${place}.key`)
    for (const [number, [at, value]] of samples.entries()) {
      if (!Number.isSafeInteger(at) || at < 0) throw bad(`${place}.samples.${number}.0`, 'must be an instant in ms')
      if (!Number.isFinite(value)) throw bad(`${place}.samples.${number}.1`, 'must be a finite number')
    }
  }
}

/** The same for columns, but for their keys. */
export function checkColumns({ keys, ats, values }: SeriesColumns): void {
  if (keys.length !== ats.length || keys.length !== values.length) throw bad('keys, ats and values', 'must be as long')
  for (let place = 0; place < ats.length; place++) {
    const at = ats[place] ?? -1
    if (!Number.isSafeInteger(at) || at < 0) throw bad(`ats.${place}`, 'must be an instant in ms')
    if (!Number.isFinite(values[place])) throw bad(`values.${place}`, 'must be a finite number')
  }
}

/** Columns as entries, for stores that gain nothing from columns. Throws bad-input. */
export function entriesOfColumns(columns: SeriesColumns): SeriesEntry[] {
  checkColumns(columns)
  const { keys, ats, values } = columns
  return keys.map((key, place) => {
    checkKey(key, `keys.${place}`)
    return { key, samples: [[ats[place] ?? 0, values[place] ?? 0]] }
  })
}
