import type { Language } from '../../../protocol/vocabulary.ts'
import { LOCALES } from './number.ts'

/** The names that Indonesians use; Intl knows them only in its Indonesian locale. */
const INDONESIAN_ZONES: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Ujung_Pandang': 'WITA',
  'Asia/Jayapura': 'WIT',
}

export type TimeStyle = 'clock' | 'minute' | 'date' | 'day' | 'day-minute' | 'full' | 'long-date'

const STYLES: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { hour: '2-digit', minute: '2-digit' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  day: { day: 'numeric', month: 'short' },
  'day-minute': { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  'long-date': { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** An instant (UTC ms) in the place's zone (IANA name), 24-hour clock. */
export function formatTime(at: number, timeZone: string, language: Language, style: TimeStyle): string {
  const key = `${timeZone}/${language}/${style}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(LOCALES[language], { ...STYLES[style], timeZone, hourCycle: 'h23' })
    formatters.set(key, formatter)
  }
  return formatter.format(at)
}

/** WIB, WITA or WIT; elsewhere what Intl calls it. */
export function zoneName(timeZone: string, at: number, language: Language): string {
  const known = INDONESIAN_ZONES[timeZone]
  if (known !== undefined) return known
  const parts = new Intl.DateTimeFormat(LOCALES[language], { timeZone, timeZoneName: 'short' }).formatToParts(at)
  return parts.find(part => part.type === 'timeZoneName')?.value ?? timeZone
}

/** Zone's distance from UTC at an instant, in ms: for ticks that fall on round local times. */
export function zoneOffsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find(candidate => candidate.type === type)?.value ?? 0)
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return local - Math.floor(at / 1000) * 1000
}
