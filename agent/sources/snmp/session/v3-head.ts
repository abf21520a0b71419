import { BerError, type BerReader, TAG } from '../wire/ber.ts'
import { openMessage, VERSION } from '../wire/message.ts'

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
    engineBoots: counted(security.integer()),
    engineTime: counted(security.integer()),
    user: security.octets().toString('utf8'),
    digest: security.octets(),
    privacyParameters: security.octets(),
    rest: reader,
  }
}

/** RFC 3414, 2.2: neither is below zero, and both end at 2^31 - 1. */
function counted(value: number): number {
  if (value < 0 || value > 0x7fff_ffff) throw new BerError('a time that no engine has')
  return value
}
