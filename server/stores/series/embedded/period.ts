// Samples are kept one file an ISO week (Monday to Sunday, UTC), so that letting go of old ones is deleting a file. Pure.

/** `name` as in "2026-W47"; the week is [from, to). */
export type Period = { name: string; from: number; to: number }

const DAY_MS = 24 * 3_600_000
const WEEK_MS = 7 * DAY_MS

/** Monday of the week of an instant. The first of January 1970 was a Thursday. */
function mondayOf(at: number): number {
  const day = Math.floor(at / DAY_MS)
  return (day - ((day + 3) % 7)) * DAY_MS
}

export function periodOf(at: number): Period {
  const from = mondayOf(at)
  // ISO 8601: a week belongs to the year that its Thursday is in.
  const thursday = from + 3 * DAY_MS
  const year = new Date(thursday).getUTCFullYear()
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / WEEK_MS) + 1
  return { name: `${year}-W${String(week).padStart(2, '0')}`, from, to: from + WEEK_MS }
}

const FILE_NAME = /^series-(\d{4,6})-W(\d{2})\.db$/

export function periodFileName(period: Period): string {
  return `series-${period.name}.db`
}

/** The period of a file name; null for any other file. */
export function periodOfFileName(fileName: string): Period | null {
  const [, year, week] = FILE_NAME.exec(fileName) ?? []
  if (year === undefined || week === undefined) return null
  // The fourth of January is always in week 1.
  const period = periodOf(mondayOf(Date.UTC(Number(year), 0, 4)) + (Number(week) - 1) * WEEK_MS)
  return periodFileName(period) === fileName ? period : null
}
