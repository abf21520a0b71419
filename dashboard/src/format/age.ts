import type { Language } from '../../../protocol/vocabulary.ts'

const UNITS = {
  id: { s: 'dtk', m: 'mnt', h: 'jam', d: 'hari' },
  en: { s: 's', m: 'min', h: 'h', d: 'd' },
} as const satisfies Record<Language, Record<'s' | 'm' | 'h' | 'd', string>>

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** One unit, rounded down: how old something is at a glance ("4 dtk", "3 jam"). A negative age reads as 0. */
export function formatAge(ageMs: number, language: Language): string {
  const age = Math.max(0, ageMs)
  const unit = UNITS[language]
  if (age < MINUTE) return `${Math.floor(age / SECOND)} ${unit.s}`
  if (age < HOUR) return `${Math.floor(age / MINUTE)} ${unit.m}`
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)} ${unit.h}`
  return `${Math.floor(age / DAY)} ${unit.d}`
}

/** Two units: how long something lasted ("2 jam 5 mnt"). */
export function formatDuration(durationMs: number, language: Language): string {
  const duration = Math.max(0, durationMs)
  const unit = UNITS[language]
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`
  if (duration < SECOND && duration > 0) return `${Math.round(duration)} ms`
  if (duration < MINUTE) return `${Math.floor(duration / SECOND)} ${unit.s}`
  if (duration < HOUR)
    return pair(Math.floor(duration / MINUTE), unit.m, Math.floor((duration % MINUTE) / SECOND), unit.s)
  if (duration < DAY) return pair(Math.floor(duration / HOUR), unit.h, Math.floor((duration % HOUR) / MINUTE), unit.m)
  return pair(Math.floor(duration / DAY), unit.d, Math.floor((duration % DAY) / HOUR), unit.h)
}
