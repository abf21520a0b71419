// Each codec gives back what it was given, to the last bit; and one flipped bit is found from a checksum.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRun, writeRun } from '../../../server/stores/series/embedded/codec/bit-runs.ts'
import {
  createByteSink,
  readSigned,
  readVarint,
  writeSigned,
  writeVarint,
} from '../../../server/stores/series/embedded/codec/byte-sink.ts'
import { checksum, repairBit } from '../../../server/stores/series/embedded/codec/checksum.ts'
import {
  createSampleCodec,
  createSampleColumns,
  readSamples,
} from '../../../server/stores/series/embedded/codec/sample-block.ts'
import {
  createTierCodec,
  createTierRows,
  readTierRows,
} from '../../../server/stores/series/embedded/codec/tier-block.ts'

const anyDouble = fc.double({ noDefaultInfinity: true, noNaN: true })
const awkward = fc.constantFrom(
  -0,
  0,
  Number.MIN_VALUE,
  -Number.MIN_VALUE,
  Number.MAX_VALUE,
  2 ** 53,
  0.1 + 0.2,
  1e-310,
)
const decimal = fc.tuple(fc.integer(), fc.nat(9)).map(([whole, power]) => whole / 10 ** power)
/** Columns of one kind, and columns of all kinds mixed. */
const column = fc.oneof(
  fc.array(anyDouble, { minLength: 1, maxLength: 300 }),
  fc.array(decimal, { minLength: 1, maxLength: 300 }),
  fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 300 }).map(deltas => {
    let total = 2 ** 52
    return deltas.map(delta => {
      total += delta
      return total
    })
  }),
  fc
    .tuple(fc.oneof(anyDouble, awkward), fc.integer({ min: 1, max: 300 }))
    .map(([one, count]) => Array(count).fill(one) as number[]),
  fc.array(fc.oneof(anyDouble, awkward, decimal, fc.maxSafeInteger()), { minLength: 1, maxLength: 300 }),
)
/** Steady, trembling and with huge gaps. */
const gap = fc.oneof(
  { weight: 5, arbitrary: fc.constant(10_000) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 ** 42 }) },
)

function timesOf(first: number, gaps: readonly number[]): Float64Array {
  let at = first
  return Float64Array.from(gaps, step => {
    at += step
    return at
  })
}

describe('the codec of samples', () => {
  const codec = createSampleCodec()

  it('gives back times and values to the last bit, several blocks behind each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(column, fc.nat(7_200_000), fc.infiniteStream(gap)), { minLength: 1, maxLength: 3 }),
        blocks => {
          const sink = createByteSink(16)
          const written = blocks.map(([values, first, gaps]) => {
            const times = timesOf(first, [...gaps.take(values.length)])
            codec.write(sink, times, Float64Array.from(values), values.length)
            return { times: [...times], values }
          })
          const source = { view: sink.view, at: 0 }
          for (const { times, values } of written) {
            const columns = createSampleColumns(1)
            readSamples(source, 1000, columns)
            expect([...columns.times.subarray(0, columns.length)]).toEqual(times.map(at => at + 1000))
            expect([...columns.values.subarray(0, columns.length)]).toEqual(values)
          }
          expect(source.at).toBe(sink.length)
        },
      ),
      { numRuns: 400 },
    )
  })

  it.each([
    ['equal', [5, 5]],
    ['falling', [5, 4]],
  ])('refuses %s times', (_, times) => {
    expect(() => codec.write(createByteSink(), Float64Array.from(times), Float64Array.from([1, 2]), 2)).toThrow(
      /ascend/,
    )
  })

  it('spends little on what is regular', () => {
    const sink = createByteSink()
    const times = Float64Array.from({ length: 720 }, (_, index) => index * 10_000)
    codec.write(sink, times, new Float64Array(720).fill(42), 720)
    expect(sink.length).toBeLessThan(80)
    sink.length = 0
    codec.write(
      sink,
      times,
      times.map(at => Math.floor(at / 1e6) / 100),
      720,
    )
    expect(sink.length).toBeLessThan(720)
  })
})

it('the codec of tiers gives back all columns, equal ones too', () => {
  const codec = createTierCodec()
  const rowOf = fc.tuple(anyDouble, anyDouble, fc.integer({ min: 1, max: 1e6 }), anyDouble, anyDouble)
  fc.assert(
    fc.property(
      fc.array(rowOf, { minLength: 1, maxLength: 200 }),
      fc.boolean(),
      fc.infiniteStream(gap),
      (given, same, gaps) => {
        const length = given.length
        const base = 20_000
        const rows = createTierRows(length)
        rows.length = length
        rows.slots = timesOf(base, [...gaps.take(length)])
        for (const [row, [last, min, count, max, sum]] of given.entries()) {
          rows.last[row] = last
          rows.min[row] = same ? last : min
          rows.count[row] = same ? 1 : count
          rows.max[row] = same ? last : max
          rows.sum[row] = same ? last : sum
        }
        const sink = createByteSink(16)
        codec.write(sink, rows, base)
        const read = createTierRows(1)
        readTierRows({ view: sink.view, at: 0 }, base, read)
        expect(read.length).toBe(length)
        for (const name of ['slots', 'last', 'min', 'count', 'max', 'sum'] as const) {
          expect([...read[name].subarray(0, length)]).toEqual([...rows[name].subarray(0, length)])
        }
      },
    ),
  )
})

it('whole numbers of any size come back from varints and from runs of bits', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 50 }), numbers => {
      const sink = createByteSink(1)
      const least = Math.min(...numbers)
      for (const number of numbers) {
        writeVarint(sink, Math.abs(number))
        writeSigned(sink, Math.trunc(number / 2))
      }
      const source = { view: sink.view, at: 0 }
      for (const number of numbers) {
        expect(readVarint(source)).toBe(Math.abs(number))
        expect(readSigned(source)).toBe(Math.trunc(number / 2) + 0)
      }
      const spread = Float64Array.from(numbers, number => Math.floor((number - least) / 4))
      const width = Math.max(...spread) === 0 ? 0 : Math.floor(Math.log2(Math.max(...spread))) + 2
      sink.length = 0
      writeRun(sink, spread, 0, spread.length, 0, width)
      const read = new Float64Array(spread.length)
      readRun({ view: sink.view, at: 0 }, read, 0, read.length, 0, width)
      expect([...read]).toEqual([...spread])
    }),
  )
})

describe('a checksum', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 3000 })

  it('finds the one bit that flipped and puts it right', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(2 ** 31), (given, place, seed) => {
        const good = checksum(given, seed)
        const flipped = given.slice()
        const bit = place % (given.length * 8)
        flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
        expect(repairBit(flipped, good, seed)).toBe('bytes')
        expect(flipped).toEqual(given)
        expect(repairBit(given, good ^ (1 << (place % 32)), seed)).toBe('checksum')
      }),
    )
  })

  it('does not guess where more is wrong', () => {
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 4, maxLength: 40 }), fc.nat(), (given, junk, place) => {
        const good = checksum(given)
        const broken = given.slice()
        const at = place % given.length
        broken.set(junk.subarray(0, given.length - at), at)
        const wrongBits = given.reduce((sum, byte, index) => sum + bits(byte ^ (broken[index] ?? 0)), 0)
        fc.pre(wrongBits > 1)
        const before = broken.slice()
        if (repairBit(broken, good) === null) expect(broken).toEqual(before)
        else expect(checksum(broken)).toBe(good)
      }),
    )
  })
})

function bits(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length
}
