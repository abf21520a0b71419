// Columns of whole numbers: groups that each keep their least number once and the rest in as few bits as the group needs.
// An outlier (a gap in time, a counter that began anew) so costs its group, not its block.
import { bitsOf, readRun, writeRun } from './bit-runs.ts'
import { type ByteSink, type ByteSource, readByte, readSigned, writeByte, writeSigned } from './byte-sink.ts'

const GROUP = 64

/** Between -2^51 and 2^51, so that neither differences nor their spread leave what a double holds exactly. */
export const LARGEST_INTEGER = 2 ** 51

const AS_THEY_ARE = 0
const AS_DIFFERENCES = 1

function writeGroups(sink: ByteSink, numbers: Float64Array, length: number): void {
  for (let from = 0; from < length; from += GROUP) {
    const to = Math.min(from + GROUP, length)
    let least = numbers[from] ?? 0
    let most = least
    for (let index = from + 1; index < to; index++) {
      const number = numbers[index] ?? 0
      if (number < least) least = number
      if (number > most) most = number
    }
    const width = bitsOf(most - least)
    writeSigned(sink, least)
    writeByte(sink, width)
    writeRun(sink, numbers, from, to, least, width)
  }
}

function readGroups(source: ByteSource, numbers: Float64Array, from: number, length: number): void {
  for (let done = 0; done < length; done += GROUP) {
    const least = readSigned(source)
    const width = readByte(source)
    readRun(source, numbers, from + done, from + Math.min(done + GROUP, length), least, width)
  }
}

/** Bits of the groups, without what each group says of itself: good enough to choose by. */
function groupBits(numbers: Float64Array, length: number): number {
  let bits = 0
  for (let from = 0; from < length; from += GROUP) {
    const to = Math.min(from + GROUP, length)
    let least = numbers[from] ?? 0
    let most = least
    for (let index = from + 1; index < to; index++) {
      const number = numbers[index] ?? 0
      if (number < least) least = number
      if (number > most) most = number
    }
    bits += bitsOf(most - least) * (to - from) + bitsOf(Math.abs(least))
  }
  return bits
}

export type IntegerCodec = {
  /** The first `length` of `numbers` (at least one), each at most LARGEST_INTEGER away from zero. */
  write(sink: ByteSink, numbers: Float64Array, length: number): void
  /** Ascending without equals: their differences are kept. Throws RangeError otherwise. */
  writeAscending(sink: ByteSink, numbers: Float64Array, length: number): void
}

/** Reuses its scratch space: an encoder belongs to one thread. */
export function createIntegerCodec(): IntegerCodec {
  let differences = new Float64Array(1024)

  /** Returns the least difference. */
  function differ(numbers: Float64Array, length: number): number {
    if (differences.length < length) differences = new Float64Array(length * 2)
    let before = numbers[0] ?? 0
    let least = Number.POSITIVE_INFINITY
    for (let index = 1; index < length; index++) {
      const number = numbers[index] ?? 0
      const difference = number - before
      if (difference < least) least = difference
      differences[index - 1] = difference
      before = number
    }
    return least
  }

  return {
    write(sink, numbers, length) {
      differ(numbers, length)
      if (groupBits(numbers, length) <= groupBits(differences, length - 1)) {
        writeByte(sink, AS_THEY_ARE)
        writeGroups(sink, numbers, length)
      } else {
        writeByte(sink, AS_DIFFERENCES)
        writeSigned(sink, numbers[0] ?? 0)
        writeGroups(sink, differences, length - 1)
      }
    },
    writeAscending(sink, numbers, length) {
      if (differ(numbers, length) <= 0) throw new RangeError('times must ascend, without equal ones')
      writeSigned(sink, numbers[0] ?? 0)
      writeGroups(sink, differences, length - 1)
    },
  }
}

/** `base` is added to each. */
export function readAscending(source: ByteSource, numbers: Float64Array, from: number, length: number, base = 0): void {
  let number = readSigned(source) + base
  readGroups(source, numbers, from + 1, length - 1)
  numbers[from] = number
  for (let index = from + 1; index < from + length; index++) {
    number += numbers[index] ?? 0
    numbers[index] = number
  }
}

export function readIntegers(source: ByteSource, numbers: Float64Array, from: number, length: number): void {
  if (readByte(source) === AS_DIFFERENCES) readAscending(source, numbers, from, length)
  else readGroups(source, numbers, from, length)
}
