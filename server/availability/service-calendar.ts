// When a service is owed: always, or in office hours without holidays, by the clock on the wall of the city. What day it is
// where is Temporal's business; Node 24 does not have it yet.
import { Temporal } from 'temporal-polyfill'
import { type Period, WEEKDAYS, type Weekday } from '../../protocol/vocabulary.ts'
import { type Interval, union } from './intervals.ts'

export type ServiceCalendar =
  | { kind: 'always' }
  | {
      kind: 'hours'
      /** "HH:MM" to "HH:MM" by weekday; a weekday that is left out has none. "24:00" ends with the day. */
      hours: Partial<Record<Weekday, readonly { from: string; to: string }[]>>
      /** ISO dates on which nothing is owed. */
      holidays: readonly string[]
    }

/** The parts of `window` (UTC ms) in which the service is owed, by the clock of `timeZone` (IANA). */
export function serviceTime(calendar: ServiceCalendar, window: Interval, timeZone: string): Interval[] {
  if (window.to <= window.from) return []
  if (calendar.kind === 'always') return [{ from: window.from, to: window.to }]
  const holidays = new Set(calendar.holidays)
  const open: Interval[] = []
  for (const day of daysOf(window, timeZone)) {
    if (holidays.has(day.toString())) continue
    const weekday = WEEKDAYS[day.dayOfWeek - 1]
    for (const { from, to } of (weekday === undefined ? undefined : calendar.hours[weekday]) ?? []) {
      open.push({ from: momentOf(day, from, timeZone), to: momentOf(day, to, timeZone) })
    }
  }
  return union(open.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) })))
}

/** Whole days, months or years of the city that touch `window`, cut to it; the label is their ISO name ("2026-11"). */
export function periodsOf(window: Interval, period: Period, timeZone: string): (Interval & { label: string })[] {
  const periods: (Interval & { label: string })[] = []
  if (window.to <= window.from) return periods
  const first = dateOf(window.from, timeZone)
  let start = period === 'day' ? first : first.with(period === 'month' ? { day: 1 } : { month: 1, day: 1 })
  for (;;) {
    const next = start.add({ [`${period}s`]: 1 })
    const [from, to] = [startOf(start, timeZone), startOf(next, timeZone)]
    if (from >= window.to) return periods
    const label = start.toString().slice(0, { day: 10, month: 7, year: 4 }[period])
    periods.push({ from: Math.max(from, window.from), to: Math.min(to, window.to), label })
    start = next
  }
}

/** The calendar month, day or year in which a moment lies, whole. */
export function periodAround(at: number, period: Period, timeZone: string): Interval {
  const day = dateOf(at, timeZone)
  const start = period === 'day' ? day : day.with(period === 'month' ? { day: 1 } : { month: 1, day: 1 })
  return { from: startOf(start, timeZone), to: startOf(start.add({ [`${period}s`]: 1 }), timeZone) }
}

/** UTC ms of a wall clock time ("HH:MM", also "24:00") on an ISO date. Errors: RangeError for no such date or time. */
export function momentAt(isoDate: string, time: string, timeZone: string): number {
  return momentOf(Temporal.PlainDate.from(isoDate), time, timeZone)
}

/** ISO date in the city. */
export function dayAt(at: number, timeZone: string): string {
  return dateOf(at, timeZone).toString()
}

/** The weekday of an ISO date, and the dates from one to another, both included. */
export function weekdayOf(isoDate: string): Weekday {
  return WEEKDAYS[Temporal.PlainDate.from(isoDate).dayOfWeek - 1] ?? 'monday'
}

export function* datesOf(window: Interval, timeZone: string): Generator<string> {
  for (const day of daysOf(window, timeZone)) yield day.toString()
}

function* daysOf(window: Interval, timeZone: string): Generator<Temporal.PlainDate> {
  for (let day = dateOf(window.from, timeZone); startOf(day, timeZone) < window.to; day = day.add({ days: 1 }))
    yield day
}

function dateOf(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate()
}

function startOf(day: Temporal.PlainDate, timeZone: string): number {
  return day.toZonedDateTime(timeZone).epochMilliseconds
}

function momentOf(day: Temporal.PlainDate, time: string, timeZone: string): number {
  if (time === '24:00') return startOf(day.add({ days: 1 }), timeZone)
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
}
