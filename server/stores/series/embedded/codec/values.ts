// Columns of measured values, each kept to its last bit: one value for all, decimal fractions as whole numbers, or the bits
// in which a double differs from the one before (after Gorilla, VLDB 2015, with the window chosen for a group).
import {
  type ByteSink,
  type ByteSource,
  readByte,
  readDouble,
  readSigned,
  reserve,
  writeByte,
  writeDouble,
  writeSigned,
} from './byte-sink.ts'
import { createIntegerCodec, LARGEST_INTEGER, readIntegers } from './integers.ts'
import { createXorCodec, readXor } from './xor.ts'

const ALL_EQUAL = 0
const ALL_EQUAL_INTEGER = 1
const DECIMALS = 2
const DOUBLES = 3

/** In the upper half of the first byte: by which power of ten the whole numbers are to be divided. */
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

function isMinusZero(value: number): boolean {
  return value === 0 && 1 / value < 0
}

/** The power of ten with which `value` is a whole number, from `least` on; -1 when there is none. */
function powerOf(value: number, least: number): number {
  for (let power = least; power < POWERS.length; power++) {
    const scale = POWERS[power] ?? 1
    const whole = Math.round(value * scale)
    if (whole > LARGEST_INTEGER || whole < -LARGEST_INTEGER) return -1
    if (whole / scale === value) return power
  }
  return -1
}

export type ValueCodec = {
  /** The first `length` of `values`: at least one, all finite. */
  write(sink: ByteSink, values: Float64Array, length: number): void
}

/** Reuses its scratch space: an encoder belongs to one thread. */
export function createValueCodec(): ValueCodec {
  const integers = createIntegerCodec()
  const xor = createXorCodec()
  let wholes = new Float64Array(1024)

  /** Fills `wholes` and returns the power, or -1 where the values are no decimal fractions. */
  function toWholes(values: Float64Array, length: number): number {
    let power = 0
    for (let index = 0; index < length; index++) {
      power = powerOf(values[index] ?? 0, power)
      if (power < 0) return -1
    }
    if (wholes.length < length) wholes = new Float64Array(length * 2)
    const scale = POWERS[power] ?? 1
    for (let index = 0; index < length; index++) {
      const value = values[index] ?? 0
      const whole = Math.round(value * scale)
      // A value that was exact with a lower power need not be so with a higher one, and a whole number has no minus zero.
      if (whole / scale !== value || whole > LARGEST_INTEGER || whole < -LARGEST_INTEGER || isMinusZero(value))
        return -1
      wholes[index] = whole
    }
    return power
  }

  return {
    write(sink, values, length) {
      const first = values[0] ?? 0
      let same = 1
      while (same < length && Object.is(values[same], first)) same++
      if (same >= length) {
        const isInteger = Number.isInteger(first) && Math.abs(first) <= LARGEST_INTEGER && !isMinusZero(first)
        writeByte(sink, isInteger ? ALL_EQUAL_INTEGER : ALL_EQUAL)
        if (isInteger) writeSigned(sink, first)
        else writeDouble(sink, first)
        return
      }
      const power = toWholes(values, length)
      reserve(sink, length * 10 + 64)
      writeByte(sink, power < 0 ? DOUBLES : DECIMALS | (power << 4))
      if (power < 0) xor.write(sink, values, length)
      else integers.write(sink, wholes, length)
    },
  }
}

/** Fills `values[from..from + length)`. */
export function readValues(source: ByteSource, values: Float64Array, from: number, length: number): void {
  const kind = readByte(source)
  switch (kind & 15) {
    case ALL_EQUAL:
      values.fill(readDouble(source), from, from + length)
      return
    case ALL_EQUAL_INTEGER:
      values.fill(readSigned(source), from, from + length)
      return
    case DECIMALS: {
      readIntegers(source, values, from, length)
      const scale = POWERS[kind >>> 4] ?? 1
      if (scale !== 1)
        for (let index = from; index < from + length; index++) values[index] = (values[index] ?? 0) / scale
      return
    }
    default:
      readXor(source, values, from, length)
  }
}
