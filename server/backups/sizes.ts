// What sizes say: whether the newest copy is like those before it, and how they grow. Pure.
import type { BackupStatus } from '../../protocol/backup-views.ts'

export type SizedCopy = {
  takenAt: number
  bytes: number | null
  told: NonNullable<BackupStatus['size']>['told']
}

const DAY_MS = 86_400_000
/** Held against the median of at most so many before it, and of no fewer than two: one alone may have been the odd one. */
const RECENT = 10
const AT_LEAST = 2
const GROWTH_OVER_MS = 90 * DAY_MS

/** Newest first. */
export function sizeOf(copies: readonly SizedCopy[]): BackupStatus['size'] {
  const [newest, ...earlier] = copies.filter(({ bytes }) => bytes !== null)
  const known = earlier.slice(0, RECENT).flatMap(({ bytes }) => (bytes === null || bytes === 0 ? [] : [bytes]))
  if (newest === undefined || newest.bytes === null || known.length < AT_LEAST) return null
  const medianBytes = medianOf(known)
  return {
    ...{ bytes: newest.bytes, medianBytes, ratio: newest.bytes / medianBytes, basedOn: known.length },
    told: newest.told,
  }
}

/** The slope of the least squares; null while what is known covers less than a day or three copies. */
export function growthOf(copies: readonly SizedCopy[], at: number): BackupStatus['growth'] {
  const points = copies.flatMap(({ takenAt, bytes }) =>
    bytes === null || at - takenAt > GROWTH_OVER_MS ? [] : [{ days: takenAt / DAY_MS, bytes }],
  )
  const [newest] = copies
  const days = points.map(point => point.days)
  const overDays = Math.max(...days) - Math.min(...days)
  if (newest === undefined || points.length < 3 || overDays < 1) return null
  const meanDays = meanOf(days)
  const meanBytes = meanOf(points.map(({ bytes }) => bytes))
  let rise = 0
  let run = 0
  for (const point of points) {
    rise += (point.days - meanDays) * (point.bytes - meanBytes)
    run += (point.days - meanDays) ** 2
  }
  return { bytesPerDay: rise / run, overDays, basedOn: points.length, told: newest.told }
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
