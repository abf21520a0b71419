// From what a form sends to the values that are kept: trimmed, with defaults, unknown names left for the check.
import type { ChannelField, FieldValues } from './channel.ts'

/**
 * `given` laid over `present`, strictly by the fields: an empty text takes an optional value away, an absent one keeps
 * the present or becomes the default. Names that are no field stay, so that the check of the kind refuses them.
 */
export function mergeValues(fields: ChannelField[], present: FieldValues, given: FieldValues): FieldValues {
  const merged: FieldValues = {}
  for (const [name, value] of Object.entries({ ...present, ...given })) {
    const field = fields.find(candidate => candidate.name === name)
    const tidied = field === undefined ? value : tidy(field, value)
    if (tidied !== '') merged[name] = tidied
  }
  for (const field of fields) {
    if (merged[field.name] === undefined && field.default !== null) merged[field.name] = field.default
  }
  return merged
}

/** The values apart: what may be shown, and what is sealed. */
export function splitSecrets(
  fields: ChannelField[],
  values: FieldValues,
): { settings: FieldValues; secrets: Record<string, string> } {
  const settings: FieldValues = {}
  const secrets: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    const isSecret = fields.some(field => field.name === name && field.type === 'secret')
    if (isSecret) secrets[name] = String(value)
    else settings[name] = value
  }
  return { settings, secrets }
}

/** The entries of a list as it travels: "a@depok.go.id, b@depok.go.id"; line breaks and semicolons separate too. */
export function splitList(list: string): string[] {
  return list
    .split(/[,;\n]/)
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
}

function tidy(field: ChannelField, value: string | number): string | number {
  switch (field.type) {
    case 'secret':
      return String(value)
    case 'list':
      return splitList(String(value)).join(', ')
    case 'number':
      return typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value
    default:
      return String(value).trim()
  }
}
