import type { WireEventKind } from '../../../../protocol/snmp-words.ts'
import { numberOf, type Oid, textOf, type Varbind } from '../value.ts'
import { BerError, TAG } from '../wire/ber.ts'
import { openMessage, PDU, type Pdu, readPdu, readVarbinds, VERSION } from '../wire/message.ts'

/** What a device tells of itself: the trap by its OID (RFC 3584, 3.1), and the variables with it. */
export type Notice = { oid: Oid; varbinds: readonly Varbind[] }
export type Trap = Notice & {
  community: string
  /** An inform wants this answer. */
  inform: { version: 'v2c'; community: Buffer; pdu: Pdu } | undefined
}

const SNMP_TRAPS = '1.3.6.1.6.3.1.1.5'
const TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0'
const ENTERPRISE_SPECIFIC = 6

/** Throws BerError for what is no trap of v1 or v2c, nor an inform. */
export function decodeTrap(bytes: Buffer): Trap {
  const { version, reader } = openMessage(bytes)
  if (version !== VERSION.v1 && version !== VERSION.v2c) throw new BerError(`version ${version}`)
  const community = Buffer.from(reader.octets())
  const text = community.toString('utf8')
  if (version === VERSION.v1) {
    const pdu = reader.inside(PDU.trapV1)
    const enterprise = pdu.oid()
    pdu.octets(TAG.address)
    const generic = pdu.integer()
    const specific = pdu.integer()
    pdu.unsigned(TAG.ticks)
    const oid = generic === ENTERPRISE_SPECIFIC ? `${enterprise}.0.${specific}` : `${SNMP_TRAPS}.${generic + 1}`
    return { community: text, oid, varbinds: readVarbinds(pdu.inside(TAG.sequence)), inform: undefined }
  }
  const pdu = readPdu(reader)
  const inform = pdu.tag === PDU.inform ? ({ version: 'v2c', community, pdu } as const) : undefined
  return { community: text, ...noticeOf(pdu), inform }
}

/** What a PDU of v2c or v3 tells; throws BerError for one that is neither a trap nor an inform. */
export function noticeOf(pdu: Pdu): Notice {
  if (pdu.tag !== PDU.trap && pdu.tag !== PDU.inform) throw new BerError('no trap')
  const named = pdu.varbinds.find(({ oid }) => oid === TRAP_OID)?.value
  if (named?.type !== 'oid') throw new BerError('a trap without its name')
  return { oid: named.value, varbinds: pdu.varbinds }
}

const KINDS: Record<Oid, WireEventKind> = {
  [`${SNMP_TRAPS}.1`]: 'cold-start',
  [`${SNMP_TRAPS}.2`]: 'warm-start',
  [`${SNMP_TRAPS}.3`]: 'link-down',
  [`${SNMP_TRAPS}.4`]: 'link-up',
  [`${SNMP_TRAPS}.5`]: 'authentication-failure',
  // upsTrapOnBattery of RFC 1628; upsOnBattery and powerRestored of PowerNet-MIB.
  '1.3.6.1.2.1.33.2.1': 'ups-on-battery',
  '1.3.6.1.2.1.33.2.0.1': 'ups-on-battery',
  '1.3.6.1.4.1.318.0.5': 'ups-on-battery',
  '1.3.6.1.4.1.318.0.9': 'ups-on-mains',
}
const IF_INDEX = '1.3.6.1.2.1.2.2.1.1'
const IF_DESCR = '1.3.6.1.2.1.2.2.1.2'
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1'

/** What a trap means; `part` is an interface by its number where it is about one. */
export function meaningOf({ oid, varbinds }: Notice): {
  kind: WireEventKind
  part: string
  ifIndex: number | undefined
} {
  const kind = KINDS[oid] ?? 'other-trap'
  if (kind === 'other-trap') return { kind, part: oid.slice(0, 255), ifIndex: undefined }
  const under = (root: Oid) => varbinds.find(one => one.oid === root || one.oid.startsWith(`${root}.`))?.value
  const index = under(IF_INDEX)
  const name = under(IF_NAME) ?? under(IF_DESCR)
  return { kind, part: (name && textOf(name))?.slice(0, 255) ?? '', ifIndex: index && numberOf(index) }
}
