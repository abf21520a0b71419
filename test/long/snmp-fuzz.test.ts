// A million packets that no device should send, through everything of SNMP that reads packets of strangers.
import { describe, expect, it } from 'vitest'
import { readV3Head } from '../../agent/sources/snmp/session/v3-head.ts'
import { decodeTrap } from '../../agent/sources/snmp/traps/trap.ts'
import { BerError } from '../../agent/sources/snmp/wire/ber.ts'
import { decodeMessage, encodeMessage, PDU } from '../../agent/sources/snmp/wire/message.ts'

const PACKETS = 1_000_000

/** The same numbers for the same seed (mulberry32), so that a packet that breaks something can be made again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const SOUND = [PDU.response, PDU.trap, PDU.inform].map(tag =>
  encodeMessage({
    ...{ version: 'v2c', community: Buffer.from('public') },
    pdu: {
      ...{ tag, requestId: 123_456, errorStatus: 0, errorIndex: 0 },
      varbinds: [
        { oid: '1.3.6.1.6.3.1.1.4.1.0', value: { type: 'oid', value: '1.3.6.1.6.3.1.1.5.3' } },
        { oid: '1.3.6.1.2.1.31.1.1.1.6.1', value: { type: 'counter64', value: 2n ** 64n - 1n } },
        { oid: '1.3.6.1.2.1.2.2.1.2.1', value: { type: 'octets', value: Buffer.from('ether1') } },
        { oid: '1.3.6.1.2.1.4.20.1.1.1', value: { type: 'address', value: '192.0.2.1' } },
      ],
    },
  }),
)

/** A sound packet with some bytes changed, cut off or doubled; or nothing but noise. */
function packet(random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit)
  if (random() < 0.2) return Buffer.from(Array.from({ length: below(80) }, () => below(256)))
  const bytes = Buffer.from(SOUND[below(SOUND.length)] ?? [])
  for (let changes = below(6); changes >= 0; changes -= 1) bytes[below(bytes.length)] = below(256)
  const cut = random()
  if (cut < 0.2) return bytes.subarray(0, below(bytes.length))
  return cut < 0.3 ? Buffer.concat([bytes, bytes]) : bytes
}

describe('a million broken packets', () => {
  it('end in an answer or in one kind of error, and in nothing else', () => {
    const random = randomFrom(20_261_122)
    const outcomes = { read: 0, refused: 0 }
    for (let count = 0; count < PACKETS; count += 1) {
      const bytes = packet(random)
      for (const read of [decodeMessage, decodeTrap, readV3Head]) {
        try {
          read(bytes)
          outcomes.read += 1
        } catch (error) {
          if (!(error instanceof BerError)) throw new Error(`${bytes.toString('hex')}: ${error}`)
          outcomes.refused += 1
        }
      }
    }
    expect(outcomes.read + outcomes.refused).toBe(3 * PACKETS)
    expect(outcomes.read).toBeGreaterThan(PACKETS / 100)
  })
})
