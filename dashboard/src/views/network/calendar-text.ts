// Pure: what people write and import of a service calendar, as text.
import type { CalendarView } from '../../../../protocol/links.ts'

type Hours = Extract<CalendarView['definition'], { kind: 'hours' }>['hours']
export type Openings = NonNullable<Hours[keyof Hours]>

/** "07:30-12:00, 13.00 – 16:00" as openings; null where it can't be read. Empty: none. */
export function openingsOf(text: string): Openings | null {
  const parts = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  const openings = parts.map(part => {
    const [, from, to] = /^(\d{1,2}[:.]\d{2})\s*[-–]\s*(\d{1,2}[:.]\d{2})$/.exec(part) ?? []
    return from === undefined || to === undefined ? null : { from: timeOf(from), to: timeOf(to) }
  })
  return openings.every(one => one !== null) ? openings : null
}

export const openingsText = (openings: Openings | undefined): string =>
  (openings ?? []).map(({ from, to }) => `${from}-${to}`).join(', ')

const timeOf = (text: string): string => text.replace('.', ':').padStart(5, '0')

/**
 * ISO dates in a list that somebody wrote, in a CSV file ("2026-12-25;Natal", "25/12/2026") or in an iCalendar file (RFC
 * 5545, whole days; the end is the day after). Sorted, each once.
 */
export function holidaysOf(text: string): string[] {
  const found = text.includes('BEGIN:VEVENT') ? calendarDays(text) : writtenDays(text)
  return [...new Set(found.filter(isDay))].sort()
}

function writtenDays(text: string): string[] {
  const iso = [...text.matchAll(/\b(\d{4})-(\d{2})-(\d{2})\b/g)].map(([day]) => day)
  const local = [...text.matchAll(/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g)].map(
    ([, day = '', month = '', year]) => `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
  )
  return [...iso, ...local]
}

const DAY_MS = 86_400_000
/** A file that says that a holiday lasts years is read no further. */
const LONGEST_DAYS = 60

function calendarDays(text: string): string[] {
  return text.split('BEGIN:VEVENT').flatMap(event => {
    const first = dayOf(event, 'DTSTART')
    if (first === null) return []
    const end = dayOf(event, 'DTEND') ?? first + DAY_MS
    const days = Math.min(Math.max(Math.round((end - first) / DAY_MS), 1), LONGEST_DAYS)
    return Array.from({ length: days }, (_, index) => new Date(first + index * DAY_MS).toISOString().slice(0, 10))
  })
}

function dayOf(event: string, property: 'DTSTART' | 'DTEND'): number | null {
  const [, year, month, day] = new RegExp(`^${property}[^:\\n]*:(\\d{4})(\\d{2})(\\d{2})`, 'm').exec(event) ?? []
  return year === undefined ? null : Date.parse(`${year}-${month}-${day}T00:00:00Z`) || null
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
