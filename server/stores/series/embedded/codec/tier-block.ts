// What became of many samples of one series: for each slot of a tier how many there were, the least, the greatest, their sum
// and the last one. A column that equals one before it is not written again: with a sample a slot that is nearly all.
import { type ByteSink, type ByteSource, readByte, readVarint, reserve, writeByte, writeVarint } from './byte-sink.ts'
import { createIntegerCodec, readAscending } from './integers.ts'
import { createValueCodec, readValues } from './values.ts'

export const TIER_COLUMNS = ['last', 'min', 'count', 'max', 'sum'] as const
export type TierColumn = (typeof TIER_COLUMNS)[number]

/** `slots` are numbers of slots, ascending. The first `length` of each array count. */
export type TierRows = { slots: Float64Array; length: number } & Record<TierColumn, Float64Array>

export function createTierRows(capacity = 256): TierRows {
  const column = () => new Float64Array(capacity)
  return { slots: column(), length: 0, last: column(), count: column(), min: column(), max: column(), sum: column() }
}

export function reserveRows(rows: TierRows, more: number): void {
  if (rows.length + more <= rows.slots.length) return
  const capacity = Math.max(rows.length + more, rows.slots.length * 2)
  for (const name of ['slots', ...TIER_COLUMNS] as const) {
    const wider = new Float64Array(capacity)
    wider.set(rows[name].subarray(0, rows.length))
    rows[name] = wider
  }
}

const OWN = 0
const LIKE_LAST = 1
const LIKE_MIN = 2

function equal(a: Float64Array, b: Float64Array, length: number): boolean {
  for (let index = 0; index < length; index++) if (!Object.is(a[index], b[index])) return false
  return true
}

export type TierCodec = {
  /** At least one row. `base` is taken off each slot's number. */
  write(sink: ByteSink, rows: TierRows, base: number): void
}

export function createTierCodec(): TierCodec {
  const integers = createIntegerCodec()
  const valueCodec = createValueCodec()
  let offsets = new Float64Array(1024)
  return {
    write(sink, rows, base) {
      const { length } = rows
      reserve(sink, 64 + length * 64)
      if (offsets.length < length) offsets = new Float64Array(length * 2)
      for (let index = 0; index < length; index++) offsets[index] = (rows.slots[index] ?? 0) - base
      writeVarint(sink, length)
      integers.writeAscending(sink, offsets, length)
      for (const name of TIER_COLUMNS) {
        const column = rows[name]
        if (name !== 'last' && equal(column, rows.last, length)) writeByte(sink, LIKE_LAST)
        else if (name !== 'min' && name !== 'last' && equal(column, rows.min, length)) writeByte(sink, LIKE_MIN)
        else {
          writeByte(sink, OWN)
          valueCodec.write(sink, column, length)
        }
      }
    },
  }
}

/** Appends the block's rows to `rows`. */
export function readTierRows(source: ByteSource, base: number, rows: TierRows): void {
  const length = readVarint(source)
  reserveRows(rows, length)
  const from = rows.length
  readAscending(source, rows.slots, from, length)
  for (let index = from; index < from + length; index++) rows.slots[index] = (rows.slots[index] ?? 0) + base
  for (const name of TIER_COLUMNS) {
    const kind = readByte(source)
    if (kind === OWN) readValues(source, rows[name], from, length)
    else rows[name].set((kind === LIKE_LAST ? rows.last : rows.min).subarray(from, from + length), from)
  }
  rows.length += length
}
