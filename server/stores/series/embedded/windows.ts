// How time is cut up. Everything ends on the ends of ISO weeks in UTC: windows of samples, spans of tiers, files. Pure.
import { type Period, periodOf } from './period.ts'

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
export const WEEK_MS = 7 * DAY_MS
/** Samples of a series lie in blocks of so much time. */
export const WINDOW_MS = 2 * HOUR_MS

/** Monday 1970-01-05: weeks count from here. */
const FIRST_MONDAY = 4 * DAY_MS

export const startOf = (at: number, spanMs: number) =>
  spanMs === WEEK_MS
    ? Math.floor((at - FIRST_MONDAY) / WEEK_MS) * WEEK_MS + FIRST_MONDAY
    : Math.floor(at / spanMs) * spanMs

export const LEVELS = ['minute', 'quarter', 'hour', 'day'] as const
export type Level = (typeof LEVELS)[number]

/** A tier keeps one row a slot and series; the rows of a span lie in one block. */
export type Tier = { level: Level; slotMs: number; spanMs: number; file: 'week' | 'year' }

export const TIERS: Record<Level, Tier> = {
  minute: { level: 'minute', slotMs: MINUTE_MS, spanMs: DAY_MS, file: 'week' },
  quarter: { level: 'quarter', slotMs: 15 * MINUTE_MS, spanMs: WEEK_MS, file: 'week' },
  hour: { level: 'hour', slotMs: HOUR_MS, spanMs: WEEK_MS, file: 'year' },
  day: { level: 'day', slotMs: DAY_MS, spanMs: WEEK_MS, file: 'year' },
}

export const weekOf = periodOf

/** The year that the week of an instant belongs to, from Monday to Sunday (ISO 8601). */
export function yearOf(at: number): Period {
  const year = Number(periodOf(at).name.split('-W')[0])
  const firstMonday = (of: number) => periodOf(Date.UTC(of, 0, 4)).from
  return { name: String(year), from: firstMonday(year), to: firstMonday(year + 1) }
}
