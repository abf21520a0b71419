/**
 * What stands in a JSON text at a place like "checks.0.state", written as text; a string as it is, undefined where the text
 * is no JSON or has no such place.
 */
export function valueAt(text: string, path: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Object.getOwnPropertyDescriptor(value, step)?.value
  }
  return typeof value === 'string' ? value : JSON.stringify(value)
}
