// What may be appended at all: well-formed entries, and instants that are neither too old nor from the future.
import { BATCH_LIMITS } from '../../../protocol/batch.ts'
import { StorageError } from '../durable/storage-error.ts'
import type { SeriesEntry } from './series-store.ts'

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

/** Throws bad-input with the place of the first mistake; so one caller's mistake never reaches a shared transaction. */
export function checkEntries(entries: readonly SeriesEntry[]): void {
  for (const [index, { key, samples }] of entries.entries()) {
    const place = `entries.${index}`
    for (const name of ['subjectId', 'metric', 'agentId'] as const) {
      if (typeof key[name] !== 'string' || key[name] === '') throw bad(`${place}.key.${name}`, 'must be a text')
    }
    for (const [name, value] of Object.entries(key.labels)) {
      if (typeof value !== 'string') throw bad(`${place}.key.labels.${name}`, 'must be a text')
    }
    for (const [number, [at, value]] of samples.entries()) {
      if (!Number.isSafeInteger(at) || at < 0) throw bad(`${place}.samples.${number}.0`, 'must be an instant in ms')
      if (!Number.isFinite(value)) throw bad(`${place}.samples.${number}.1`, 'must be a finite number')
    }
  }
}
