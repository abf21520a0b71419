import type { Language } from '../../../protocol/vocabulary.ts'
import { translate } from '../i18n/translate.ts'
import { formatDuration } from './age.ts'
import { formatBitRate, formatBytes, formatNumber, formatPercent } from './number.ts'

/** A measured value or threshold in the rule's unit; an unknown unit is printed as it came. */
export function formatValue(value: number, unit: string, language: Language): string {
  switch (unit) {
    case 'ratio':
      return formatPercent(value, language, Number.isInteger(Math.round(value * 100_000) / 1_000) ? 0 : 1)
    case 'percent':
    case '%':
      return `${formatNumber(value, language, 1)}%`
    case 's':
    case 'seconds':
      return formatDuration(value * 1000, language)
    case 'ms':
      return formatDuration(value, language)
    case 'bytes':
    case 'B':
      return formatBytes(value, language)
    case 'bps':
    case 'bit/s':
      return formatBitRate(value, language)
    case 'intervals':
      return `${formatNumber(value, language, 1)} ${translate(language, 'unit.intervals', { n: value })}`
    case 'batches':
      return `${formatNumber(value, language, 0)} ${translate(language, 'unit.batches', { n: value })}`
    case 'days':
    case 'hours':
    case 'duties':
    case 'problems':
      return `${formatNumber(value, language, 1)} ${translate(language, `unit.${unit}`, { n: value })}`
    case 'km':
      return `${formatNumber(value, language, 1)} km`
    case 'reached':
      return translate(language, value >= 1 ? 'unit.reached' : 'unit.not-reached')
    case 'on-battery':
      return translate(language, value >= 1 ? 'unit.on-battery' : 'unit.on-mains')
    case '':
    case 'count':
      return formatNumber(value, language, 2)
    default:
      return `${formatNumber(value, language, 2)} ${unit}`
  }
}
