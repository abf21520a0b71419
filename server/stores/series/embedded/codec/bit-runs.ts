// Runs of whole numbers, each in the same number of bits, least significant bit first, ending on a whole byte.
import { type ByteSink, type ByteSource, reserve } from './byte-sink.ts'

/** As many bits as fit beside a started byte in one 32-bit word. */
const WORD_BITS = 24

export function bitsOf(value: number): number {
  return value < 4294967296 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 4294967296))
}

/** `numbers[from..to)` less `base`, each from 0 to below 2^width. */
export function writeRun(
  sink: ByteSink,
  numbers: Float64Array,
  from: number,
  to: number,
  base: number,
  width: number,
): void {
  if (width === 0) return
  reserve(sink, Math.ceil((width * (to - from)) / 8))
  const { bytes } = sink
  let position = sink.length
  let word = 0
  let filled = 0
  for (let index = from; index < to; index++) {
    let rest = (numbers[index] ?? 0) - base
    let left = width
    while (left > WORD_BITS) {
      word |= (rest % 16777216) << filled
      rest = Math.floor(rest / 16777216)
      left -= WORD_BITS
      for (filled += WORD_BITS; filled >= 8; filled -= 8) {
        bytes[position++] = word & 255
        word >>>= 8
      }
    }
    word |= rest << filled
    for (filled += left; filled >= 8; filled -= 8) {
      bytes[position++] = word & 255
      word >>>= 8
    }
  }
  if (filled > 0) bytes[position++] = word & 255
  sink.length = position
}

/** The other way: fills `numbers[from..to)`. */
export function readRun(
  source: ByteSource,
  numbers: Float64Array,
  from: number,
  to: number,
  base: number,
  width: number,
): void {
  if (width === 0) {
    numbers.fill(base, from, to)
    return
  }
  const { view } = source
  let bit = source.at * 8
  if (width <= WORD_BITS) {
    const mask = (1 << width) - 1
    for (let index = from; index < to; index++) {
      numbers[index] = base + ((view.getUint32(bit >>> 3, true) >>> (bit & 7)) & mask)
      bit += width
    }
  } else {
    for (let index = from; index < to; index++) {
      let value = 0
      let scale = 1
      for (let left = width; left > 0; left -= WORD_BITS) {
        const part = left < WORD_BITS ? left : WORD_BITS
        value += ((view.getUint32(bit >>> 3, true) >>> (bit & 7)) & ((1 << part) - 1)) * scale
        scale *= 16777216
        bit += part
      }
      numbers[index] = base + value
    }
  }
  source.at = (bit + 7) >>> 3
}
