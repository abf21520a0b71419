// Figures as people read them, in Indonesian and English: 97,5 %, 2 menit 30 detik, 22 Nov 2026 08.56 WIB.
import type { Language } from '../../protocol/vocabulary.ts'

const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }

const SPANS = [
  { ms: 86_400_000, id: 'hari', en: 'd' },
  { ms: 3_600_000, id: 'jam', en: 'h' },
  { ms: 60_000, id: 'menit', en: 'min' },
  { ms: 1_000, id: 'detik', en: 's' },
]

const REACHED = {
  id: { yes: 'terjangkau', no: 'tidak terjangkau' },
  en: { yes: 'reached', no: 'not reached' },
} as const
const ON_BATTERY = {
  id: { yes: 'dengan baterai', no: 'dengan listrik' },
  en: { yes: 'on battery', no: 'on mains' },
} as const
const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const RATE_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']

/** A value in the unit of its rule: 'ratio' as per cent, 'ms' and 's' as a span, 'bytes' and 'bps' scaled. */
export function formatValue(value: number, unit: string, language: Language): string {
  switch (unit) {
    case 'ratio':
      return `${formatNumber(value * 100, language)} %`
    case 'ms':
      return formatSpan(value, language)
    case 's':
      return formatSpan(value * 1000, language)
    case 'bytes':
      return formatScaled(value, 1024, BINARY_UNITS, language)
    case 'bps':
      return formatScaled(value, 1000, RATE_UNITS, language)
    case 'batches':
      return `${formatNumber(value, language)} ${language === 'id' ? 'kiriman' : value === 1 ? 'batch' : 'batches'}`
    case 'problems':
      return `${formatNumber(value, language)} ${language === 'id' ? 'masalah' : value === 1 ? 'problem' : 'problems'}`
    case 'on-battery':
      return ON_BATTERY[language][value >= 1 ? 'yes' : 'no']
    case 'count':
      return formatNumber(value, language)
    case 'reached':
      return REACHED[language][value >= 1 ? 'yes' : 'no']
    default:
      return unit === '' ? formatNumber(value, language) : `${formatNumber(value, language)} ${unit}`
  }
}

/** A span of time by its two largest units, rounded down: "1 jam 5 menit", "850 ms", "2,4 detik". */
export function formatSpan(spanMs: number, language: Language): string {
  if (spanMs < 0) return `-${formatSpan(-spanMs, language)}`
  if (spanMs > 0 && spanMs < 1_000) return `${formatNumber(spanMs, language)} ms`
  if (spanMs < 10_000)
    return `${formatNumber(Math.floor(spanMs / 100) / 10, language)} ${language === 'id' ? 'detik' : 's'}`
  const parts: string[] = []
  let rest = spanMs
  let units = 0
  for (const span of SPANS) {
    const count = Math.floor(rest / span.ms)
    if (count === 0 && units === 0) continue
    units += 1
    if (count > 0) parts.push(`${formatNumber(count, language)} ${span[language]}`)
    rest -= count * span.ms
    if (units === 2) break
  }
  return parts.join(' ')
}

/** Date and time of day in the city's own zone, with the zone's Indonesian short name (WIB, WITA, WIT). */
export function formatInstant(atMs: number, timeZone: string, language: Language): string {
  const date = new Intl.DateTimeFormat(LOCALES[language], { timeZone, day: 'numeric', month: 'short', year: 'numeric' })
  const time = new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return `${date.format(atMs)} ${time.format(atMs)} ${zoneName(atMs, timeZone)}`
}

/** English names these zones by their distance from GMT only; here everyone says WIB, whatever the language. */
function zoneName(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('id-ID', { timeZone, timeZoneName: 'short' }).formatToParts(atMs)
  return parts.find(part => part.type === 'timeZoneName')?.value ?? timeZone
}

function formatNumber(value: number, language: Language): string {
  const small = Math.abs(value) < 1 && value !== 0
  const digits = small ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 }
  return new Intl.NumberFormat(LOCALES[language], digits).format(value)
}

function formatScaled(value: number, base: number, units: string[], language: Language): string {
  let scaled = value
  let step = 0
  while (Math.abs(scaled) >= base && step < units.length - 1) {
    scaled /= base
    step += 1
  }
  return `${formatNumber(scaled, language)} ${units[step]}`
}
