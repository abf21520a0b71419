import type { Language } from '../../../protocol/vocabulary.ts'

/** Indonesian writes 1.234,5 and English 1,234.5; both come from Intl. */
export const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }

const formatters = new Map<string, Intl.NumberFormat>()

/** A number with at least and at most so many digits behind the decimal sign. */
export function formatNumber(value: number, language: Language, maximumDigits = 1, minimumDigits = 0): string {
  const key = `${language}/${maximumDigits}/${minimumDigits}`
  let formatter = formatters.get(key)
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(LOCALES[language], {
      maximumFractionDigits: maximumDigits,
      minimumFractionDigits: minimumDigits,
    })
    formatters.set(key, formatter)
  }
  return formatter.format(value)
}

/** A ratio (0 to 1) as percent. */
export function formatPercent(ratio: number, language: Language, digits = 0): string {
  return `${formatNumber(ratio * 100, language, digits, digits)}%`
}

/** Availability is rounded down: what was interrupted, however shortly, never reads as 100 %. */
export function formatUptime(ratio: number, language: Language): string {
  if (ratio >= 1) return formatPercent(1, language)
  // The nudge keeps binary noise (0.99999 * 100000 = 99998.99…) from costing a digit.
  return formatPercent(Math.min(99_999, Math.floor(ratio * 100_000 + 1e-6)) / 100_000, language, 3)
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const
const BIT_RATE_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const

function scaled(value: number, base: number, units: readonly string[], language: Language): string {
  const sign = value < 0 ? -1 : 1
  let size = Math.abs(value)
  let step = 0
  // Compare what will be read: 1023.99 KiB prints as 1,024, so it belongs to the next unit.
  while (step < units.length - 1 && Number(size.toFixed(size < 10 ? 1 : 0)) >= base) {
    size /= base
    step += 1
  }
  const digits = step > 0 && size < 99.95 ? 1 : 0
  return `${formatNumber(sign * size, language, digits)} ${units[step]}`
}

/** Bytes in binary units (KiB, MiB, GiB). */
export function formatBytes(bytes: number, language: Language): string {
  return scaled(bytes, 1024, BYTE_UNITS, language)
}

/** Bits a second in SI units (kbit/s, Mbit/s), as providers sell them. */
export function formatBitRate(bitsPerSecond: number, language: Language): string {
  return scaled(bitsPerSecond, 1000, BIT_RATE_UNITS, language)
}
