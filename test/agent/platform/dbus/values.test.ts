import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeCall, lengthOfMessage } from '../../../../agent/platform/dbus/message.ts'
import { alignedTo, type DBusValue, readValues } from '../../../../agent/platform/dbus/values.ts'

/** A type, a value of it, and how it is written: by the specification, and by nothing of what is tested. */
type Sort = { type: string; alignment: number; value: DBusValue; write: (out: Out) => void }
type Out = { bytes: number[]; align: (to: number) => void; add: (bytes: Iterable<number>) => void }

function createOut(): Out {
  const bytes: number[] = []
  return {
    bytes,
    add: more => bytes.push(...more),
    align(to) {
      while (bytes.length % to !== 0) bytes.push(0)
    },
  }
}

const littleEndian = (value: bigint, length: number): number[] =>
  Array.from({ length }, (_, index) => Number((BigInt.asUintN(64, value) >> BigInt(8 * index)) & 255n))
const aligned = (type: string, alignment: number, value: DBusValue, bytes: () => Iterable<number>): Sort => ({
  ...{ type, alignment, value },
  write(out) {
    out.align(alignment)
    out.add(bytes())
  },
})
const utf8 = (text: string) => new TextEncoder().encode(text)

const basic: fc.Arbitrary<Sort> = fc.oneof(
  fc.nat(255).map(value => aligned('y', 1, value, () => [value])),
  fc.boolean().map(value => aligned('b', 4, value, () => littleEndian(value ? 1n : 0n, 4))),
  fc.integer({ min: -32_768, max: 32_767 }).map(value => aligned('n', 2, value, () => littleEndian(BigInt(value), 2))),
  fc.nat(0xffff_ffff).map(value => aligned('u', 4, value, () => littleEndian(BigInt(value), 4))),
  fc.integer().map(value => aligned('i', 4, value, () => littleEndian(BigInt(value), 4))),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(value => aligned('x', 8, value, () => littleEndian(value, 8))),
  fc.bigInt(0n, 2n ** 64n - 1n).map(value => aligned('t', 8, value, () => littleEndian(value, 8))),
  fc
    .string({ unit: 'grapheme' })
    .map(value => aligned('s', 4, value, () => [...littleEndian(BigInt(utf8(value).length), 4), ...utf8(value), 0])),
)

const struct = (parts: Sort[], [open, close]: string): Sort => ({
  ...{ type: `${open}${parts.map(({ type }) => type).join('')}${close}`, alignment: 8 },
  value: parts.map(({ value }) => value),
  write(out) {
    out.align(8)
    for (const part of parts) part.write(out)
  },
})

/** Items must be of one type: the same item, some times over. */
const array = (item: Sort, count: number): Sort => ({
  ...{ type: `a${item.type}`, alignment: 4, value: Array.from({ length: count }, () => item.value) },
  write(out) {
    out.align(4)
    const lengthAt = out.bytes.length
    out.add([0, 0, 0, 0])
    out.align(item.alignment)
    const from = out.bytes.length
    for (let index = 0; index < count; index += 1) item.write(out)
    littleEndian(BigInt(out.bytes.length - from), 4).forEach((byte, index) => {
      out.bytes[lengthAt + index] = byte
    })
  },
})

const variant = (inner: Sort): Sort => ({
  ...{ type: 'v', alignment: 1, value: inner.value },
  write(out) {
    out.add([inner.type.length, ...utf8(inner.type), 0])
    inner.write(out)
  },
})

const { sort } = fc.letrec<{ sort: Sort }>(tie => ({
  sort: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    basic,
    fc.array(tie('sort'), { minLength: 1, maxLength: 3 }).map(parts => struct(parts, '()')),
    fc.tuple(tie('sort'), fc.nat(3)).map(([item, count]) => array(item, count)),
    fc.tuple(basic, tie('sort'), fc.nat(2)).map(([key, value, count]) => array(struct([key, value], '{}'), count)),
    tie('sort').map(variant),
  ),
}))

function written(sorts: Sort[]): { signature: string; bytes: Buffer } {
  const out = createOut()
  for (const one of sorts) one.write(out)
  return { signature: sorts.map(({ type }) => type).join(''), bytes: Buffer.from(out.bytes) }
}

describe('values of D-Bus', () => {
  it('come out as they were put in, whatever their types', () => {
    fc.assert(
      fc.property(fc.array(sort, { maxLength: 4 }), sorts => {
        const { signature, bytes } = written(sorts)
        expect(readValues(signature, bytes)).toEqual(sorts.map(({ value }) => value))
      }),
    )
  })

  it('that are cut or altered are refused or read as something else, and nothing worse', () => {
    fc.assert(
      fc.property(fc.array(sort, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255), (sorts, at, byte) => {
        const { signature, bytes } = written(sorts)
        if (bytes.length > 0) bytes[at % bytes.length] = byte
        for (const damaged of [bytes, bytes.subarray(0, at % (bytes.length + 1))]) {
          try {
            expect(Array.isArray(readValues(signature, damaged))).toBe(true)
          } catch (error) {
            expect(error).toBeInstanceOf(Error)
          }
        }
      }),
    )
    expect(() => readValues('a(s', Buffer.alloc(64))).toThrow('not whole')
    expect(() => readValues('a()', Buffer.alloc(64, 1))).toThrow('empty struct')
    expect(() => readValues('z', Buffer.alloc(64))).toThrow('no type "z"')
    expect(() => readValues('a'.repeat(100), Buffer.alloc(64))).toThrow('not whole')
  })
})

describe('a call of D-Bus', () => {
  it('is laid out as the specification has it, and as long as it says', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), (member, args) => {
        const bytes = encodeCall(7, { destination: 'a.b', path: '/c', interface: 'd.e', member, args })
        expect(lengthOfMessage(bytes)).toBe(bytes.length)
        expect(lengthOfMessage(bytes.subarray(0, 15))).toBeUndefined()
        expect(alignedTo(16 + bytes.readUInt32LE(12), 8) % 8).toBe(0)
        expect(decodeMessage(bytes)).toEqual({ kind: 'call', answers: undefined, errorName: undefined, body: args })
      }),
    )
  })
})
