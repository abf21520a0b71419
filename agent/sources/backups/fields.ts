// Reads the lines of one job. What is wrong is told with the line's key and what would be right; a value is never repeated
// that may be a secret.

export type Fields = Readonly<Record<string, unknown>>

/** `key` names the line. */
export class FieldError extends Error {
  readonly key: string

  constructor(key: string, message: string) {
    super(message)
    this.name = 'FieldError'
    this.key = key
  }
}

export function textField(fields: Fields, key: string): string {
  const text = optionalText(fields, key)
  if (text === undefined) throw new FieldError(key, 'is missing')
  return text
}

export function optionalText(fields: Fields, key: string): string | undefined {
  const value = fields[key]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value.trim() === '') throw new FieldError(key, 'must be a text')
  if (value.includes('\0')) throw new FieldError(key, 'must not contain a zero byte')
  return value
}

/** A path from the root, so that it means the same wherever the agent was started. */
export function pathField(fields: Fields, key: string): string {
  return absolute(textField(fields, key), key)
}

export function optionalPath(fields: Fields, key: string): string | undefined {
  const path = optionalText(fields, key)
  return path === undefined ? undefined : absolute(path, key)
}

function absolute(path: string, key: string): string {
  if (!path.startsWith('/')) throw new FieldError(key, 'must be a whole path that begins with /')
  return path
}

export function choiceField<T extends string>(fields: Fields, key: string, choices: readonly T[], otherwise?: T): T {
  const text = optionalText(fields, key)
  const chosen = text === undefined ? otherwise : choices.find(choice => choice === text)
  if (chosen === undefined)
    throw new FieldError(key, `${text === undefined ? 'is missing: ' : ''}must be one of ${choices.join(', ')}`)
  return chosen
}

export function flagField(fields: Fields, key: string, otherwise: boolean): boolean {
  const value = fields[key] ?? otherwise
  if (typeof value !== 'boolean') throw new FieldError(key, 'must be true or false')
  return value
}

export function listField(fields: Fields, key: string): string[] {
  const value = fields[key] ?? []
  const list = Array.isArray(value) ? value : [value]
  if (!list.every(one => typeof one === 'string' && one !== ''))
    throw new FieldError(key, 'must be a text or a list of texts')
  return list
}

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** "90s", "15m", "6h", "1d", "2w" in milliseconds. */
export function durationField(
  fields: Fields,
  key: string,
  { otherwiseMs, leastMs, mostMs }: { otherwiseMs?: number; leastMs: number; mostMs: number },
): number {
  const text = optionalText(fields, key)
  if (text === undefined) {
    if (otherwiseMs === undefined) throw new FieldError(key, 'is missing: a time such as 15m, 6h or 1d')
    return otherwiseMs
  }
  const found = /^(\d{1,6})\s*([smhdw])$/.exec(text.trim())
  const unit = Object.entries(UNITS_MS).find(([name]) => name === found?.[2])?.[1]
  if (found === null || unit === undefined) throw new FieldError(key, 'must be a time such as 90s, 15m, 6h or 1d')
  const ms = Number(found[1]) * unit
  if (ms < leastMs || ms > mostMs)
    throw new FieldError(key, `must be from ${shownDuration(leastMs)} to ${shownDuration(mostMs)}`)
  return ms
}

export function shownDuration(ms: number): string {
  const [unit, size] = Object.entries(UNITS_MS).findLast(([, size]) => ms >= size && ms % size === 0) ?? ['s', 1_000]
  return `${Math.round(ms / size)}${unit}`
}

const UNITS_BYTES = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const

/** "500", "64k", "20MB", "2GiB" in bytes; all units count by 1024. */
export function bytesField(fields: Fields, key: string, otherwise: number): number {
  const text = optionalText(fields, key)
  if (text === undefined) return otherwise
  const found = /^(\d{1,15})\s*([kmgt]?)(i?b)?$/i.exec(text.trim())
  const unit = Object.entries(UNITS_BYTES).find(([name]) => name === found?.[2]?.toLowerCase())?.[1]
  if (found === null || unit === undefined) throw new FieldError(key, 'must be a size such as 500, 20MB or 2GiB')
  return Number(found[1]) * unit
}

/** Refuses lines that nobody reads: a mistyped key would be taken for one that was left out. */
export function refuseOthers(fields: Fields, known: readonly string[]): void {
  const other = Object.keys(fields).find(key => !known.includes(key))
  if (other !== undefined) throw new FieldError(other, `is not a line of this tool; it has ${known.join(', ')}`)
}
