import type { CitationView } from '../../../protocol/duty-views.ts'
import type { Language } from '../../../protocol/vocabulary.ts'
import { formatTime } from './time.ts'

/** "Pasal 15 ayat (3) huruf a": as it is cited in both languages. */
export function formatCitation({ pasal, ayat, huruf }: CitationView): string {
  return `Pasal ${pasal}${ayat === null ? '' : ` ayat (${ayat})`}${huruf === null ? '' : ` huruf ${huruf}`}`
}

/** A day of the calendar ("2026-11-23"), which belongs to no zone. */
export function formatDay(day: string, language: Language): string {
  return formatTime(Date.parse(`${day}T00:00:00Z`), 'UTC', language, 'date')
}

/** The day that an instant falls on in a zone, as "2026-11-23". */
export function dayIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}
