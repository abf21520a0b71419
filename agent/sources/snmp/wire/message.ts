// Messages of SNMPv1 (RFC 1157) and v2c (RFC 1901, 3416).
import type { Oid, SnmpValue, Varbind } from '../value.ts'
import { BerError, BerReader, BerWriter, TAG } from './ber.ts'

export const PDU = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trapV1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trap: 0xa7,
  report: 0xa8,
} as const

/** In a GETBULK, `errorStatus` and `errorIndex` are its non-repeaters and max-repetitions. */
export type Pdu = { tag: number; requestId: number; errorStatus: number; errorIndex: number; varbinds: Varbind[] }

export const VERSION = { v1: 0, v2c: 1, v3: 3 } as const
export type CommunityVersion = 'v1' | 'v2c'
export type CommunityMessage = { version: CommunityVersion; community: Buffer; pdu: Pdu }

const EMPTY = {
  null: TAG.null,
  'no-such-object': TAG.noSuchObject,
  'no-such-instance': TAG.noSuchInstance,
  'end-of-view': TAG.endOfView,
} as const

function writeValue(writer: BerWriter, value: SnmpValue): void {
  switch (value.type) {
    case 'integer':
    case 'counter32':
    case 'gauge32':
    case 'ticks':
    case 'counter64':
      writer.integer(TAG[value.type], value.value)
      break
    case 'octets':
    case 'opaque':
      writer.octets(TAG[value.type], value.value)
      break
    case 'oid':
      writer.oid(value.value)
      break
    case 'address':
      writer.octets(TAG.address, Buffer.from(value.value.split('.').map(Number)))
      break
    default:
      writer.octets(EMPTY[value.type], NOTHING)
  }
}

const NOTHING = Buffer.alloc(0)
const NULL: SnmpValue = { type: 'null' }

export const ask = (oids: readonly Oid[]): Varbind[] => oids.map(oid => ({ oid, value: NULL }))

/** One name and its value as bytes; the simulator counts them to know what still fits. */
export function writeVarbind(writer: BerWriter, { oid, value }: Varbind): void {
  const before = writer.length
  writeValue(writer, value)
  writer.oid(oid)
  writer.close(TAG.sequence, before)
}

export function writePdu(writer: BerWriter, pdu: Pdu): void {
  const before = writer.length
  for (let at = pdu.varbinds.length - 1; at >= 0; at -= 1) {
    const varbind = pdu.varbinds[at]
    if (varbind !== undefined) writeVarbind(writer, varbind)
  }
  writer.close(TAG.sequence, before)
  writer.integer(TAG.integer, pdu.errorIndex)
  writer.integer(TAG.integer, pdu.errorStatus)
  writer.integer(TAG.integer, pdu.requestId)
  writer.close(pdu.tag, before)
}

export function encodeMessage({ version, community, pdu }: CommunityMessage): Buffer {
  const writer = new BerWriter()
  writePdu(writer, pdu)
  writer.octets(TAG.octets, community)
  writer.integer(TAG.integer, VERSION[version])
  writer.close(TAG.sequence, 0)
  return writer.done()
}

function readValue(reader: BerReader): SnmpValue {
  const tag = reader.peekTag()
  switch (tag) {
    case TAG.integer:
      return { type: 'integer', value: reader.integer() }
    case TAG.octets:
      return { type: 'octets', value: Buffer.from(reader.octets()) }
    case TAG.null:
      reader.octets(tag)
      return NULL
    case TAG.oid:
      // Some agents send an empty OID for "none".
      return { type: 'oid', value: reader.bytes[reader.at + 1] === 0 ? emptyOid(reader) : reader.oid() }
    case TAG.address: {
      const bytes = reader.octets(tag)
      if (bytes.length !== 4) throw new BerError('an address of unknown length')
      return { type: 'address', value: bytes.join('.') }
    }
    case TAG.counter32:
      return { type: 'counter32', value: reader.unsigned(tag) }
    case TAG.gauge32:
      return { type: 'gauge32', value: reader.unsigned(tag) }
    case TAG.ticks:
      return { type: 'ticks', value: reader.unsigned(tag) }
    case TAG.opaque:
      return { type: 'opaque', value: Buffer.from(reader.octets(tag)) }
    case TAG.counter64:
      return { type: 'counter64', value: reader.unsigned64() }
    case TAG.noSuchObject:
      reader.octets(tag)
      return { type: 'no-such-object' }
    case TAG.noSuchInstance:
      reader.octets(tag)
      return { type: 'no-such-instance' }
    case TAG.endOfView:
      reader.octets(tag)
      return { type: 'end-of-view' }
    default:
      throw new BerError(`a value of unknown type ${tag}`)
  }
}

function emptyOid(reader: BerReader): Oid {
  reader.octets(TAG.oid)
  return '0.0'
}

export function readVarbinds(list: BerReader): Varbind[] {
  const varbinds: Varbind[] = []
  while (!list.isAtEnd) {
    const pair = list.inside(TAG.sequence)
    const oid = pair.oid()
    varbinds.push({ oid, value: readValue(pair) })
  }
  return varbinds
}

const KNOWN_PDUS: readonly number[] = Object.values(PDU)

export function readPdu(reader: BerReader): Pdu {
  const tag = reader.peekTag()
  if (!KNOWN_PDUS.includes(tag) || tag === PDU.trapV1) throw new BerError(`a PDU of unknown type ${tag}`)
  const pdu = reader.inside(tag)
  const requestId = pdu.integer()
  const errorStatus = pdu.integer()
  const errorIndex = pdu.integer()
  return { tag, requestId, errorStatus, errorIndex, varbinds: readVarbinds(pdu.inside(TAG.sequence)) }
}

/** What stands in front of every message: its version, and a reader behind it. Throws BerError. */
export function openMessage(bytes: Buffer): { version: number; reader: BerReader } {
  const reader = new BerReader(bytes).inside(TAG.sequence)
  return { version: reader.integer(), reader }
}

/** Throws BerError for everything that is no message of v1 or v2c. */
export function decodeMessage(bytes: Buffer): CommunityMessage {
  const { version, reader } = openMessage(bytes)
  if (version !== VERSION.v1 && version !== VERSION.v2c) throw new BerError(`version ${version}`)
  const community = Buffer.from(reader.octets())
  return { version: version === VERSION.v1 ? 'v1' : 'v2c', community, pdu: readPdu(reader) }
}
