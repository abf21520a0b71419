// Most batches are, letter for letter, the text of the one before with other numbers in it. Once the strict parser has had
// such a text, only the numbers of the next one need be read: no text becomes objects, and nothing is left to be collected.
// What differs in a single letter goes the whole way again.
import { Buffer } from 'node:buffer'
import { TextDecoder } from 'node:util'
import type { Batch } from '../../protocol/batch.ts'
import { MOST_SERIES, type Shape } from './series-shapes.ts'
import { isGrowthTime, isInstant, isWellFormed } from './well-formed.ts'

/** The numbers of a batch in their order: instant, value, and of a counter the time over which it grew. */
export type ReadText = { rest: Omit<Batch, 'series'>; shape: Shape; numbers: Float64Array }

export type FamiliarTexts = {
  /**
   * What `parseBatch` would say of this body, if it differs from one of this agent that was learnt in numbers only; null when
   * it must be parsed. The numbers are good until the next call.
   */
  read(agentId: string, body: Buffer): ReadText | null
  /** A body that was parsed as this batch, whose series have this shape. */
  learn(agentId: string, body: Buffer, batch: Batch, shape: Shape): void
}

/** Everything behind the beginning of the list of series that is no number, one piece after the other. */
type Letters = {
  shape: Shape
  text: Uint8Array
  /** Where in `text` a number stands. */
  gaps: Uint32Array
}

const LIST = Buffer.from('"series":[')
const LIST_END = ']}'
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function createFamiliarTexts(): FamiliarTexts {
  const byAgent = new Map<string, Letters>()
  /** The letters that each shape was learnt in last: nearly all agents write alike. */
  const byShape = new WeakMap<Shape, Letters>()
  const numbers = new Float64Array(3 * MOST_SERIES)
  return {
    read(agentId, body) {
      const letters = byAgent.get(agentId)
      if (letters === undefined) return null
      const from = listFrom(body)
      if (from < 0 || !readNumbers(letters, body, from, numbers)) return null
      const rest = readHead(body, from)
      if (rest === null) return null
      return { rest, shape: letters.shape, numbers }
    },
    learn(agentId, body, batch, shape) {
      const learnt = lettersOf(body, batch, shape)
      if (learnt === null) {
        byAgent.delete(agentId)
        return
      }
      const known = byShape.get(shape)
      const letters = known !== undefined && isSame(known, learnt) ? known : learnt
      byShape.set(shape, letters)
      byAgent.set(agentId, letters)
    },
  }
}

function listFrom(body: Buffer): number {
  const at = body.indexOf(LIST)
  return at < 0 ? -1 : at + LIST.length
}

/** The fields before the list. They are a whole object with an empty list behind them only if the list is one of them. */
function readHead(body: Buffer, from: number): Omit<Batch, 'series'> | null {
  try {
    const head: unknown = JSON.parse(utf8.decode(body.subarray(0, from)) + LIST_END)
    if (!isWellFormed(head)) return null
    const { series, ...rest } = head
    return rest
  } catch {
    return null
  }
}

/** Null where more than the numbers may differ: fields behind the list, integers as text, several points of a series. */
function lettersOf(body: Buffer, { series }: Batch, shape: Shape): Letters | null {
  const isOneEach = series.every(({ points }) => points.length === 1)
  const from = listFrom(body)
  if (from < 0 || !isOneEach || series.length > MOST_SERIES || readHead(body, from) === null) return null
  const gaps: number[] = []
  const text = new Uint8Array(body.length - from)
  let length = 0
  /** The list itself is the first. */
  let depth = 1
  let inString = false
  for (let at = from; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (!inString && isNumberStart(byte)) {
      gaps.push(length)
      at = numberEnd(body, at) - 1
      continue
    }
    text[length++] = byte
    if (inString) {
      if (byte === BACKSLASH) text[length++] = body[++at] ?? 0
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1
    // Behind the list nothing but the end of the whole.
    if (depth === 0 && at < body.length - LIST_END.length) return null
  }
  let count = 0
  for (const { kind } of shape.series) count += kind === 'gauge' ? 2 : 3
  return gaps.length === count ? { shape, text: text.slice(0, length), gaps: Uint32Array.from(gaps) } : null
}

function isSame(one: Letters, other: Letters): boolean {
  return Buffer.compare(one.text, other.text) === 0 && one.gaps.every((gap, place) => gap === other.gaps[place])
}

/** Whether the rest of the body has these letters and numbers as the contract wants them, which stand in `numbers` then. */
function readNumbers({ shape, text, gaps }: Letters, body: Buffer, from: number, numbers: Float64Array): boolean {
  let at = from
  let letter = 0
  for (let slot = 0; slot < gaps.length; slot++) {
    for (const gap = gaps[slot] ?? 0; letter < gap; ) if (body[at++] !== text[letter++]) return false
    const start = at
    let byte = body[at]
    const isNegative = byte === MINUS
    if (isNegative) byte = body[++at]
    const wholeFrom = at
    let digits = 0
    for (; byte !== undefined && byte >= ZERO && byte <= NINE; byte = body[++at]) digits = digits * 10 + (byte - ZERO)
    const whole = at - wholeFrom
    if (whole === 0 || (whole > 1 && body[wholeFrom] === ZERO)) return false
    let fraction = 0
    if (byte === POINT) {
      byte = body[++at]
      const fractionFrom = at
      for (; byte !== undefined && byte >= ZERO && byte <= NINE; byte = body[++at]) digits = digits * 10 + (byte - ZERO)
      fraction = at - fractionFrom
      if (fraction === 0) return false
    }
    if (byte === SMALL_E || byte === LARGE_E || whole + fraction > EXACT_DIGITS) {
      at = numberEnd(body, start)
      numbers[slot] = otherNumber(body, start, at)
    } else {
      // Two integers that are exact, so the quotient is the double nearest to what is written.
      const size = fraction === 0 ? digits : digits / (POWERS_OF_TEN[fraction] ?? Number.NaN)
      numbers[slot] = isNegative ? -size : size
    }
  }
  while (letter < text.length) if (body[at++] !== text[letter++]) return false
  return at === body.length && areGood(shape, numbers)
}

function areGood({ series }: Shape, numbers: Float64Array): boolean {
  let slot = 0
  for (let place = 0; place < series.length; place++) {
    if (!isInstant(numbers[slot++]) || !Number.isFinite(numbers[slot++])) return false
    if (series[place]?.kind === 'delta' && !isGrowthTime(numbers[slot++])) return false
  }
  return true
}

/** As JSON.parse has it; NaN where that is no number. */
function otherNumber(body: Buffer, from: number, to: number): number {
  const text = body.toString('latin1', from, to)
  return JSON_NUMBER.test(text) ? Number(text) : Number.NaN
}

function numberEnd(body: Buffer, from: number): number {
  let at = from + 1
  while (at < body.length && isInNumber(body[at] ?? 0)) at++
  return at
}

const isDigit = (byte: number) => byte >= ZERO && byte <= NINE
const isNumberStart = (byte: number) => byte === MINUS || isDigit(byte)
const isInNumber = (byte: number) => isDigit(byte) || [POINT, SMALL_E, LARGE_E, MINUS, PLUS].includes(byte)

/** RFC 8259, section 6. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
/** Every integer of so many digits is a double. */
const EXACT_DIGITS = 15
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)
const [QUOTE, BACKSLASH, MINUS, PLUS, POINT, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e, 0x30, 0x39]
const [SMALL_E, LARGE_E, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x65, 0x45, 0x5b, 0x5d, 0x7b, 0x7d]
