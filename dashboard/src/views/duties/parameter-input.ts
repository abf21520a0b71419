// Pure: between what a person types and the value of a parameter, by the kind of the value that stands there.
import type { ParameterValue } from '../../../../protocol/shapes.ts'

/** Null for kinds that a line of text can't write (a number for each of several names). */
export function typedText(value: ParameterValue): string | null {
  if (value === null) return ''
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'object' ? null : String(value)
}

/** Undefined where the text is no such value; where nothing stood, a number if it looks like one, else a text. */
export function valueOfText(text: string, like: ParameterValue): ParameterValue | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (typeof like === 'boolean') return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined
  if (Array.isArray(like))
    return trimmed
      .split(',')
      .map(one => one.trim())
      .filter(one => one !== '')
  const number = Number(trimmed.replace(',', '.'))
  if (typeof like === 'number') return Number.isFinite(number) ? number : undefined
  return like === null && Number.isFinite(number) ? number : trimmed
}
