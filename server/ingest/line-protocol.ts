// Influx line protocol, version 1: text in, points out, and for each line that is none the reason. Pure.
// https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ ; where that is silent, InfluxDB 1.6.
import type { LinePrecision } from '../../protocol/vocabulary.ts'

/** Integers beyond 2^53 come as bigint, so that no digit is lost. Text and truth are no numbers: the caller decides. */
export type FieldValue = number | bigint | boolean | string

export type LinePoint = {
  /** Counted from 1; a point whose texts have line ends in them begins here. */
  line: number
  measurement: string
  tags: [name: string, value: string][]
  fields: [name: string, value: FieldValue][]
  /** UTC milliseconds, rounded down; null where the line has no time. */
  at: number | null
}

export type LineProblem = { line: number; message: string }

export type ParsedLines = { points: LinePoint[]; problems: LineProblem[] }

/** Milliseconds a unit of time has; below one millisecond, how many digits are cut off. */
const UNIT: Record<LinePrecision, { factor: number; cut: number }> = {
  n: { factor: 1, cut: 6 },
  ns: { factor: 1, cut: 6 },
  u: { factor: 1, cut: 3 },
  µ: { factor: 1, cut: 3 },
  ms: { factor: 1, cut: 0 },
  s: { factor: 1_000, cut: 0 },
  m: { factor: 60_000, cut: 0 },
  h: { factor: 3_600_000, cut: 0 },
}

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((word): [string, boolean] => [word, true]),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((word): [string, boolean] => [word, false]),
])
/** More digits than any double can have; reading more would only cost time. */
const NUMBER_LENGTH = 1_100
const FLOAT = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const INTEGER = /^-?\d+i$/
const UNSIGNED = /^\d+u$/
const INT64 = { least: -(2n ** 63n), greatest: 2n ** 63n - 1n }
const UINT64_GREATEST = 2n ** 64n - 1n

/** What is wrong at one place. What follows up to the next line end belongs to the same bad line. */
class LineError extends Error {
  readonly position: number

  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

/** A line that is no point costs that line only. An open quotation mark costs all that follows: it may be inside of it. */
export function parseLines(text: string, precision: LinePrecision): ParsedLines {
  const points: LinePoint[] = []
  const problems: LineProblem[] = []
  let line = 1
  let position = 0
  while (position < text.length) {
    const start = skipBlanks(text, position)
    const first = text[start]
    let end: number
    if (first === undefined || first === '\n' || first === '#') {
      end = endOfLine(text, start)
    } else {
      try {
        const read = readPoint(text, start, precision)
        points.push({ line, ...read.point })
        end = read.end
      } catch (error) {
        if (!(error instanceof LineError)) throw error
        problems.push({ line, message: error.message })
        end = endOfLine(text, error.position)
      }
    }
    line += countLineEnds(text, position, end + 1)
    position = end + 1
  }
  return { points, problems }
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from)
  return found === -1 ? text.length : found
}

function countLineEnds(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** Spaces, tabs, NULs as InfluxDB skips them, and the carriage return of a CRLF. */
function skipBlanks(text: string, from: number): number {
  let position = from
  while (isBlank(text[position]) || (text[position] === '\r' && isEnd(text[position + 1]))) position++
  return position
}

const isBlank = (char: string | undefined) => char === ' ' || char === '\t' || char === '\0'
const isEnd = (char: string | undefined) => char === undefined || char === '\n'

function readPoint(text: string, start: number, precision: LinePrecision) {
  const measurement = readName(text, start, ', ', 'measurement')
  if (measurement.value === '') throw new LineError('the name of the measurement is missing', start)
  const tags: LinePoint['tags'] = []
  let position = measurement.end
  while (text[position] === ',') {
    const name = readName(text, position + 1, ',= ', 'tag')
    if (name.value === '') throw new LineError('the name of a tag is missing', name.end)
    if (text[name.end] !== '=') throw new LineError(`the tag ${shown(name.value)} has no value`, name.end)
    const value = readName(text, name.end + 1, ',= ', 'tag')
    if (value.value === '') throw new LineError(`the tag ${shown(name.value)} has no value`, value.end)
    if (text[value.end] === '=')
      throw new LineError(`the tag ${shown(name.value)} has a "=" that is not escaped`, value.end)
    if (tags.some(([known]) => known === name.value))
      throw new LineError(`the tag ${shown(name.value)} stands there twice`, value.end)
    tags.push([name.value, value.value])
    position = value.end
  }
  const fields = readFields(text, skipBlanks(text, position))
  const time = readTime(text, skipBlanks(text, fields.end), precision)
  return { point: { measurement: measurement.value, tags, fields: fields.fields, at: time.at }, end: time.end }
}

/** A name or the value of a tag, up to one of `stops` or the end of the line; a backslash makes a stop part of it. */
function readName(text: string, from: number, stops: string, what: 'measurement' | 'tag' | 'field') {
  let value = ''
  let position = from
  for (;;) {
    const char = text[position]
    if (char === undefined || char === '\n' || (char === '\r' && isEnd(text[position + 1]))) {
      if (what !== 'field') throw new LineError('there are no fields', position)
      return { value, end: position }
    }
    const next = text[position + 1]
    const escapes = char === '\\' && next !== undefined && (what === 'measurement' ? ', ' : ',= ').includes(next)
    if (escapes) {
      value += next
      position += 2
      continue
    }
    if (stops.includes(char)) return { value, end: position }
    value += char
    position++
  }
}

function readFields(text: string, from: number): { fields: LinePoint['fields']; end: number } {
  if (isEnd(text[from])) throw new LineError('there are no fields', from)
  const fields: LinePoint['fields'] = []
  let position = from
  for (;;) {
    const name = readName(text, position, ',= ', 'field')
    if (name.value === '') throw new LineError('the name of a field is missing', name.end)
    if (text[name.end] !== '=') throw new LineError(`the field ${shown(name.value)} has no value`, name.end)
    const value = readValue(text, name.end + 1, name.value)
    if (fields.some(([known]) => known === name.value))
      throw new LineError(`the field ${shown(name.value)} stands there twice`, value.end)
    fields.push([name.value, value.value])
    if (text[value.end] !== ',') return { fields, end: value.end }
    position = value.end + 1
  }
}

function readValue(text: string, from: number, name: string): { value: FieldValue; end: number } {
  if (text[from] === '"') return readText(text, from, name)
  let end = from
  while (end < text.length && !isBlank(text[end]) && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r')
    end++
  const word = text.slice(from, end)
  if (word === '') throw new LineError(`the field ${shown(name)} has no value`, end)
  const value = TRUTH.get(word) ?? readNumber(word)
  if (value === null)
    throw new LineError(`the value of the field ${shown(name)} is no number, no truth and no text in quotes`, end)
  return { value, end }
}

function readText(text: string, from: number, name: string): { value: string; end: number } {
  let value = ''
  for (let position = from + 1; position < text.length; position++) {
    const char = text[position]
    const next = text[position + 1]
    if (char === '\\' && (next === '"' || next === '\\')) {
      value += next
      position++
    } else if (char === '"') {
      if (next === ',' || next === '\r' || isBlank(next) || isEnd(next)) return { value, end: position + 1 }
      throw new LineError(`something follows the closing quotation mark of the field ${shown(name)}`, position + 1)
    } else value += char
  }
  throw new LineError(`the quotation mark of the field ${shown(name)} is never closed`, text.length)
}

/** null for what is no number, or none that fits. */
function readNumber(word: string): number | bigint | null {
  if (word.length > NUMBER_LENGTH) return null
  if (FLOAT.test(word)) {
    const value = Number(word)
    return Number.isFinite(value) ? value : null
  }
  const isSigned = INTEGER.test(word)
  if (!isSigned && !UNSIGNED.test(word)) return null
  const value = BigInt(word.slice(0, -1))
  const fits = isSigned ? value >= INT64.least && value <= INT64.greatest : value <= UINT64_GREATEST
  if (!fits) return null
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function readTime(text: string, from: number, precision: LinePrecision): { at: number | null; end: number } {
  if (isEnd(text[from])) return { at: null, end: from }
  let end = from
  while (end < text.length && !isBlank(text[end]) && text[end] !== '\n' && text[end] !== '\r') end++
  const word = text.slice(from, end)
  if (!/^-?\d{1,19}$/.test(word)) throw new LineError('the time is not a whole number', end)
  const behind = skipBlanks(text, end)
  if (!isEnd(text[behind])) throw new LineError('something follows the time', behind)
  return { at: instantOf(word, precision), end: behind }
}

/** Before 1970 the exact place does not matter any more: it is far too late for any store. */
function instantOf(digits: string, precision: LinePrecision): number {
  const { factor, cut } = UNIT[precision]
  const kept = cut === 0 ? digits : digits.slice(0, -cut)
  const whole = kept === '' || kept === '-' ? 0 : Number(kept)
  const at = whole * factor
  return digits.startsWith('-') && at === 0 ? -1 : at
}

/** A name as it may stand in an answer: short, and without what could tear a line of a log. */
function shown(name: string): string {
  const plain = name.replace(/\p{Cc}/gu, '?')
  return `"${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}"`
}
