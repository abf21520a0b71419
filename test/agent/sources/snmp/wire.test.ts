import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readV3Head } from '../../../../agent/sources/snmp/session/v3-head.ts'
import type { SnmpValue, Varbind } from '../../../../agent/sources/snmp/value.ts'
import { numberOf, textOf } from '../../../../agent/sources/snmp/value.ts'
import { BerError } from '../../../../agent/sources/snmp/wire/ber.ts'
import { decodeMessage, encodeMessage, PDU } from '../../../../agent/sources/snmp/wire/message.ts'

const number32 = fc.nat(0xffff_ffff)
const oid = fc
  .tuple(fc.nat(2), fc.nat(39), fc.array(number32, { maxLength: 20 }))
  .map(([first, second, rest]) => [first, second, ...rest].join('.'))
const bytes = fc.uint8Array({ maxLength: 300 }).map(part => Buffer.from(part))
const value: fc.Arbitrary<SnmpValue> = fc.oneof(
  fc.integer().map(one => ({ type: 'integer' as const, value: one })),
  fc
    .tuple(fc.constantFrom('counter32' as const, 'gauge32' as const, 'ticks' as const), number32)
    .map(([type, one]) => ({ type, value: one })),
  fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }).map(one => ({ type: 'counter64' as const, value: one })),
  fc.tuple(fc.constantFrom('octets' as const, 'opaque' as const), bytes).map(([type, one]) => ({ type, value: one })),
  oid.map(one => ({ type: 'oid' as const, value: one })),
  fc.ipV4().map(one => ({ type: 'address' as const, value: one })),
  fc
    .constantFrom('null' as const, 'no-such-object' as const, 'no-such-instance' as const, 'end-of-view' as const)
    .map(type => ({ type })),
)
const varbinds: fc.Arbitrary<Varbind[]> = fc.array(fc.record({ oid, value }), { maxLength: 30 })

describe('messages of v1 and v2c', () => {
  it('say the same after the way through bytes', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        varbinds,
        bytes,
        fc.constantFrom('v1' as const, 'v2c' as const),
        (requestId, list, community, version) => {
          const pdu = { tag: PDU.response, requestId, errorStatus: 0, errorIndex: 0, varbinds: list }
          expect(decodeMessage(encodeMessage({ version, community, pdu }))).toEqual({ version, community, pdu })
        },
      ),
    )
  })

  it('are the bytes that Net-SNMP sends for the same question', () => {
    const pdu = {
      ...{ tag: PDU.get, requestId: 1, errorStatus: 0, errorIndex: 0 },
      varbinds: [{ oid: '1.3.6.1.2.1.1.1.0', value: { type: 'null' as const } }],
    }
    expect(encodeMessage({ version: 'v2c', community: Buffer.from('public'), pdu }).toString('hex')).toBe(
      '302602010104067075626c6963a019020101020100020100300e300c06082b060102010101000500',
    )
  })

  it('that are garbage end in one kind of error and nothing else, cut off anywhere or with any byte changed', () => {
    const sound = encodeMessage({
      ...{ version: 'v2c', community: Buffer.from('public') },
      pdu: {
        ...{ tag: PDU.response, requestId: 77, errorStatus: 0, errorIndex: 0 },
        varbinds: [
          { oid: '1.3.6.1.2.1.31.1.1.1.6.3', value: { type: 'counter64', value: 2n ** 63n } },
          { oid: '1.3.6.1.2.1.1.1.0', value: { type: 'octets', value: Buffer.from('RouterOS') } },
        ],
      },
    })
    const onlyBerErrors = (broken: Buffer): void => {
      for (const read of [decodeMessage, readV3Head]) {
        try {
          read(broken)
        } catch (error) {
          if (!(error instanceof BerError)) throw error
        }
      }
    }
    for (let end = 0; end < sound.length; end += 1) onlyBerErrors(sound.subarray(0, end))
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const broken = Buffer.from(sound)
        broken[at] = byte
        onlyBerErrors(broken)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), noise => onlyBerErrors(Buffer.from(noise))),
      { numRuns: 20_000 },
    )
  })
})

describe('values', () => {
  it('are numbers also where a device writes them as text or as a wrapped float', () => {
    expect(numberOf({ type: 'octets', value: Buffer.from('23.5 C') })).toBe(23.5)
    expect(numberOf({ type: 'opaque', value: Buffer.from('9f7804420c0000', 'hex') })).toBe(35)
    expect(numberOf({ type: 'octets', value: Buffer.from('none') })).toBeUndefined()
  })

  it('are texts without what would break a line', () => {
    expect(textOf({ type: 'octets', value: Buffer.from('Cisco IOS\r\nVersion 15\0') })).toBe('Cisco IOS Version 15')
    expect(textOf({ type: 'octets', value: Buffer.from([0x6b, 0xe9]) })).toBe('ké')
    expect(textOf({ type: 'octets', value: Buffer.from('\0 ') })).toBeUndefined()
  })
})
