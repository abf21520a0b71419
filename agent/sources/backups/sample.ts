// Which files a restore test of a sample brings back: another few each time, so that all come round.
import { bytesField, FieldError, type Fields, optionalText } from './fields.ts'
import type { ListedFile } from './held-files.ts'

export type SampleSize = { sampleFiles: number; sampleBytes: number }
export const SAMPLE_FIELDS = ['sampleFiles', 'sampleBytes'] as const

const MOST_FILES = 1_000

export function sampleFields(fields: Fields): SampleSize {
  const sampleFiles = Number(optionalText(fields, 'sampleFiles') ?? 20)
  if (!Number.isInteger(sampleFiles) || sampleFiles < 1 || sampleFiles > MOST_FILES)
    throw new FieldError('sampleFiles', `must be a whole number from 1 to ${MOST_FILES}`)
  return { sampleFiles, sampleBytes: bytesField(fields, 'sampleBytes', 1024 ** 3) }
}

export type Sample = { take(file: ListedFile): void; chosen(): ListedFile[] }

/**
 * As many of what it is shown as are wanted, each with the same chance, together not longer than wanted; where all are too
 * long, the shortest. `random` gives numbers from 0 to 1.
 */
export function createSample({ sampleFiles, sampleBytes }: SampleSize, random: () => number): Sample {
  const reservoir: ListedFile[] = []
  let seen = 0
  let shortest: ListedFile | undefined
  return {
    take(file) {
      // A name that is no UTF-8 can't be asked for in JSON.
      if (file.path.includes('\uFFFD')) return
      if (shortest === undefined || file.bytes < shortest.bytes) shortest = file
      if (file.bytes > sampleBytes) return
      seen += 1
      const place = reservoir.length < sampleFiles ? reservoir.length : Math.floor(random() * seen)
      if (place < sampleFiles) reservoir[place] = file
    },
    chosen() {
      let left = sampleBytes
      const fitting = reservoir.filter(({ bytes }) => {
        if (bytes > left) return false
        left -= bytes
        return true
      })
      if (fitting.length > 0) return fitting
      return shortest === undefined ? [] : [shortest]
    },
  }
}

export const bytesOf = (files: readonly ListedFile[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)
