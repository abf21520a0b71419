import type { ParameterValue } from '../../../protocol/shapes.ts'
import type { Language } from '../../../protocol/vocabulary.ts'
import { translate } from '../i18n/translate.ts'
import { formatDuration } from './age.ts'
import { valueName } from './names.ts'
import { formatNumber, formatPercent } from './number.ts'
import { formatValue } from './value.ts'

/**
 * A rule's parameter as a person reads it. The unit of a number stands at the end of the parameter's name (`holdSeconds`,
 * `windowDays`); else it is the rule's own. What nobody has set says so.
 */
export function formatParameter(name: string, value: ParameterValue, unit: string, language: Language): string {
  if (value === null) return translate(language, 'parameter.unset')
  if (typeof value === 'boolean') return translate(language, value ? 'common.yes' : 'common.no')
  if (typeof value === 'string') return valueName(value, language)
  if (Array.isArray(value)) return value.map(word => valueName(word, language)).join(', ')
  if (typeof value === 'number') return formatQuantity(name, value, unit, language)
  const parts = Object.entries(value).map(
    ([key, each]) => `${valueName(key, language)} ${formatQuantity(name, each, unit, language)}`,
  )
  return parts.join(', ')
}

function formatQuantity(name: string, value: number, unit: string, language: Language): string {
  const counted = (key: 'unit.days' | 'unit.hours' | 'unit.months') =>
    `${formatNumber(value, language, 1)} ${translate(language, key, { n: value })}`
  if (name.endsWith('Months') || name.endsWith('Month')) return counted('unit.months')
  if (name.endsWith('Days')) return counted('unit.days')
  if (name.endsWith('Hours')) return counted('unit.hours')
  if (name.endsWith('Minutes')) return formatDuration(value * 60_000, language)
  if (name.endsWith('Seconds')) return formatDuration(value * 1000, language)
  if (name.endsWith('Ratio')) return formatPercent(value, language, 1)
  if (name.endsWith('Pct')) return `${formatNumber(value, language, 2)}%`
  if (name.endsWith('Km')) return `${formatNumber(value, language, 1)} km`
  return formatValue(value, unit, language)
}
