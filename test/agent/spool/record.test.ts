import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecord, encodeRecord, HEAD_BYTES, type SpoolRecord, scanSegment } from '../../../agent/spool/record.ts'

const record = fc.record({
  number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  atMs: fc.integer({ min: 0, max: 8_640_000_000_000 }),
  body: fc.string({ unit: 'grapheme', maxLength: 200 }).map(text => Buffer.from(text)),
})
const segment = fc.array(record, { minLength: 1, maxLength: 8 })

const encode = ({ number, atMs, body }: SpoolRecord): Buffer => encodeRecord(number, atMs, body).whole
const encodeAll = (records: SpoolRecord[]): Buffer => Buffer.concat(records.map(encode))
const numbersOf = (bytes: Buffer): number[] => scanSegment(bytes).records.map(place => place.number)

describe('a record of the spool', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(record, original => {
        const decoded = decodeRecord(encode(original), 0)
        expect(decoded?.number).toBe(original.number)
        expect(decoded?.atMs).toBe(original.atMs)
        expect(decoded?.body.equals(original.body)).toBe(true)
      }),
    )
  })

  it('is the same in the memory of one that is done with', () => {
    fc.assert(
      fc.property(record, fc.string({ unit: 'grapheme', maxLength: 6_000 }), (before, text) => {
        const spare = encodeRecord(before.number, before.atMs, before.body).whole
        const { whole, body } = encodeRecord(2, 3, text, spare)
        expect(whole.equals(encodeRecord(2, 3, text).whole)).toBe(true)
        expect(body.toString()).toBe(text)
      }),
    )
  })

  it('is not believed when any single bit of it was altered', () => {
    fc.assert(
      fc.property(record, fc.nat(), (original, at) => {
        const bytes = encode(original)
        const bit = at % (bytes.length * 8)
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(decodeRecord(bytes, 0)).toBeUndefined()
      }),
    )
  })
})

describe('a segment', () => {
  it('that was cut at any byte gives every record before the cut, and knows where the torn tail begins', () => {
    fc.assert(
      fc.property(segment, fc.nat(), (records, at) => {
        const whole = encodeAll(records)
        const cut = at % (whole.length + 1)
        const scan = scanSegment(whole.subarray(0, cut))
        let end = 0
        const complete = records.filter(({ body }) => {
          end += HEAD_BYTES + body.length
          return end <= cut
        })
        expect(scan.records.map(place => place.number)).toEqual(complete.map(({ number }) => number))
        expect(scan.damaged).toBe(0)
        expect(scan.soundBytes).toBe(complete.reduce((sum, { body }) => sum + HEAD_BYTES + body.length, 0))
      }),
    )
  })

  it('with one altered byte loses that record and no other', () => {
    fc.assert(
      fc.property(segment, fc.nat(), fc.integer({ min: 1, max: 255 }), (records, at, change) => {
        const bytes = encodeAll(records)
        const position = at % bytes.length
        bytes.writeUInt8(bytes.readUInt8(position) ^ change, position)
        let end = 0
        const hit = records.findIndex(({ body }) => {
          end += HEAD_BYTES + body.length
          return position < end
        })
        const scan = scanSegment(bytes)
        expect(scan.records.map(place => place.number)).toEqual(
          records.filter((_, index) => index !== hit).map(({ number }) => number),
        )
        // In the middle it is counted. At the end a broken head cannot be told from a torn append.
        if (hit < records.length - 1) expect(scan.damaged).toBe(1)
      }),
    )
  })

  it('finds its records again behind any rubbish', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), segment, (rubbish, records) => {
        expect(numbersOf(Buffer.concat([rubbish, encodeAll(records)]))).toEqual(records.map(({ number }) => number))
      }),
    )
  })

  it('may hold a body that looks like records', () => {
    const inner = encode({ number: 7, atMs: 1, body: Buffer.from('x') })
    const bytes = encodeAll([
      { number: 1, atMs: 1, body: inner },
      { number: 2, atMs: 1, body: Buffer.from('y') },
    ])
    expect(numbersOf(bytes)).toEqual([1, 2])
  })
})
