// Messages of the user-based security model (RFC 3412, 3414, 3826, 7860), for both ends.
import { timingSafeEqual } from 'node:crypto'
import { BerReader, BerWriter, TAG } from '../wire/ber.ts'
import { type Pdu, VERSION, writePdu } from '../wire/message.ts'
import { createEngineKeys, type EngineTime } from './engine-keys.ts'
import type { V3Credential } from './session.ts'
import { FLAG, type V3Head } from './v3-head.ts'

const LARGEST_MESSAGE = 65_507
const NOTHING = Buffer.alloc(0)

export type Engine = EngineTime & { engineID: Buffer }

/** `mostEngines` are remembered with their keys: a session has one, who answers for many has many. */
export async function createUsm(credential: V3Credential, mostEngines: number) {
  const keysOf = await createEngineKeys(credential, mostEngines)
  const level = { noAuth: 0, auth: FLAG.auth, authPriv: FLAG.auth | FLAG.privacy }[credential.level]

  const scoped = (engineId: Buffer, context: string, pdu: Pdu): Buffer => {
    const writer = new BerWriter()
    writePdu(writer, pdu)
    writer.octets(TAG.octets, Buffer.from(context))
    writer.octets(TAG.octets, engineId)
    writer.close(TAG.sequence, 0)
    return writer.done()
  }

  const encode = (messageId: number, engine: Engine, name: string, flags: number, content: Buffer): Buffer => {
    const keys = flags === 0 || flags === FLAG.reportable ? undefined : keysOf(engine.engineID)
    const encrypted = (flags & FLAG.privacy) === 0 ? undefined : keys?.encrypt(content, engine)
    const digestBytes = (flags & FLAG.auth) === 0 ? 0 : (keys?.digestBytes ?? 0)
    const writer = new BerWriter(content.length + 256)
    if (encrypted === undefined) writer.raw(content)
    else writer.octets(TAG.octets, encrypted.hidden)
    const beforeSecurity = writer.length
    writer.octets(TAG.octets, encrypted?.salt ?? NOTHING)
    const behindDigest = writer.length
    writer.octets(TAG.octets, Buffer.alloc(digestBytes))
    writer.octets(TAG.octets, Buffer.from(name))
    writer.integer(TAG.integer, engine.engineTime)
    writer.integer(TAG.integer, engine.engineBoots)
    writer.octets(TAG.octets, engine.engineID)
    writer.close(TAG.sequence, beforeSecurity)
    writer.close(TAG.octets, beforeSecurity)
    const beforeGlobal = writer.length
    writer.integer(TAG.integer, 3)
    writer.octets(TAG.octets, Buffer.from([flags]))
    writer.integer(TAG.integer, LARGEST_MESSAGE)
    writer.integer(TAG.integer, messageId)
    writer.close(TAG.sequence, beforeGlobal)
    writer.integer(TAG.integer, VERSION.v3)
    writer.close(TAG.sequence, 0)
    const message = writer.done()
    if (digestBytes > 0) keys?.digest(message).copy(message, message.length - behindDigest - digestBytes)
    return message
  }

  const isAuthentic = (bytes: Buffer, { digest, engineId }: V3Head): boolean => {
    const keys = keysOf(engineId)
    if (digest.length === 0 || digest.length !== keys.digestBytes) return false
    const place = digest.byteOffset - bytes.byteOffset
    const [before, behind] = [bytes.subarray(0, place), bytes.subarray(place + digest.length)]
    return timingSafeEqual(digest, keys.digest(before, Buffer.alloc(digest.length), behind))
  }

  /** The scoped PDU inside; throws when it cannot be decrypted into one. */
  const open = ({ flags, rest, engineId, engineBoots, engineTime, privacyParameters }: V3Head): BerReader => {
    const reader = new BerReader(rest.bytes, rest.at, rest.end)
    if ((flags & FLAG.privacy) === 0) return reader.inside(TAG.sequence)
    const content = keysOf(engineId).decrypt(reader.octets(), { engineBoots, engineTime }, privacyParameters)
    return new BerReader(content).inside(TAG.sequence)
  }

  return { level, scoped, encode, isAuthentic, open }
}
