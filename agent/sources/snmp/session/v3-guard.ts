import { BerError, BerReader, TAG } from '../wire/ber.ts'
import { openMessage, PDU, VERSION } from '../wire/message.ts'

export const FLAG = { auth: 1, privacy: 2, reportable: 4 } as const

/** The head of an SNMPv3 message (RFC 3412, 6; RFC 3414, 2.4). */
export type V3Head = {
  messageId: number
  flags: number
  engineId: Buffer
  engineBoots: number
  engineTime: number
  user: string
  /** Where the digest stands in the message. */
  digest: Buffer
  privacyParameters: Buffer
  /** Behind the head: a scoped PDU, or one that is encrypted. */
  rest: BerReader
}

/** Throws BerError for everything that is not a v3 message of the user-based security model. */
export function readV3Head(bytes: Buffer): V3Head {
  const { version, reader } = openMessage(bytes)
  if (version !== VERSION.v3) throw new BerError(`version ${version}`)
  const global = reader.inside(TAG.sequence)
  const messageId = global.integer()
  global.integer()
  const flags = global.octets()
  if (flags.length !== 1 || global.integer() !== 3) throw new BerError('another security model')
  const security = reader.inside(TAG.octets).inside(TAG.sequence)
  return {
    messageId,
    flags: flags[0] ?? 0,
    engineId: security.octets(),
    engineBoots: security.integer(),
    engineTime: security.integer(),
    user: security.octets().toString('utf8'),
    digest: security.octets(),
    privacyParameters: security.octets(),
    rest: reader,
  }
}

/** Tag of the PDU of a message that is not encrypted. */
function tagOfPlainPdu(rest: BerReader): number {
  const scoped = new BerReader(rest.bytes, rest.at, rest.end).inside(TAG.sequence)
  scoped.octets()
  scoped.octets()
  return scoped.peekTag()
}

/**
 * Whether net-snmp may see an answer: it would take one without digest or encryption although both were asked for, and
 * throws on what is not well formed. Only reports may be weaker than the question, because an engine that does not
 * know the user cannot sign them.
 */
export function isSoundAnswer(bytes: Buffer, level: number): boolean {
  try {
    const { flags, engineId, rest } = readV3Head(bytes)
    if ((flags & FLAG.privacy) !== 0) return (level & FLAG.privacy) !== 0 && (flags & FLAG.auth) !== 0
    const tag = tagOfPlainPdu(rest)
    if (tag === PDU.report) return engineId.length >= 5 && engineId.length <= 32
    return tag === PDU.response && (flags & level) === level
  } catch {
    return false
  }
}
