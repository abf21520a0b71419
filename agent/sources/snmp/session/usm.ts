// Messages of the user-based security model (RFC 3412, 3414, 3826, 7860), for both ends. Keys and ciphers are net-snmp's.
import { timingSafeEqual } from 'node:crypto'
import { BerReader, BerWriter, TAG } from '../wire/ber.ts'
import { type Pdu, VERSION, writePdu } from '../wire/message.ts'
import { loadNetSnmp, userOf } from './net-snmp-user.ts'
import type { V3Credential } from './session.ts'
import { FLAG, type V3Head } from './v3-head.ts'

const LARGEST_MESSAGE = 65_507

export type Engine = { engineID: Buffer; engineBoots: number; engineTime: number }

export async function createUsm(credential: V3Credential) {
  const library = await loadNetSnmp()
  const user = userOf(library, credential)
  const level = { noAuth: 0, auth: FLAG.auth, authPriv: FLAG.auth | FLAG.privacy }[credential.level]
  const { authProtocol = 0 } = 'authKey' in user ? user : {}
  const { privProtocol = 0 } = 'privKey' in user ? user : {}
  // One object for each pass phrase: the keys made of it are found by it, and go with it.
  const authKey = Buffer.from('authKey' in user ? user.authKey : '')
  const privKey = Buffer.from('privKey' in user ? user.privKey : '')

  const scoped = (engineId: Buffer, context: string, pdu: Pdu): Buffer => {
    const writer = new BerWriter()
    writePdu(writer, pdu)
    writer.octets(TAG.octets, Buffer.from(context))
    writer.octets(TAG.octets, engineId)
    writer.close(TAG.sequence, 0)
    return writer.done()
  }

  const encode = (messageId: number, engine: Engine, name: string, flags: number, content: Buffer): Buffer => {
    const isHidden = (flags & FLAG.privacy) !== 0
    const hidden = isHidden
      ? library.Encryption.encryptPdu(privProtocol, content, privKey, authProtocol, engine)
      : undefined
    const digestBytes = (flags & FLAG.auth) === 0 ? 0 : library.Authentication.getParametersLength(authProtocol)
    const writer = new BerWriter(4_096)
    if (hidden === undefined) writer.raw(content)
    else writer.octets(TAG.octets, hidden.encryptedPdu)
    const beforeSecurity = writer.length
    writer.octets(TAG.octets, hidden?.msgPrivacyParameters ?? Buffer.alloc(0))
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
    const message = Buffer.from(writer.done())
    if (digestBytes > 0) {
      const place = message.length - behindDigest - digestBytes
      const digest = library.Authentication.calculateDigest(message, authProtocol, authKey, engine.engineID)
      digest.copy(message, place)
    }
    return message
  }

  const isAuthentic = (bytes: Buffer, { digest, engineId }: V3Head): boolean => {
    if (digest.length !== library.Authentication.getParametersLength(authProtocol)) return false
    const place = digest.byteOffset - bytes.byteOffset
    const cleared = Buffer.from(bytes)
    cleared.fill(0, place, place + digest.length)
    return timingSafeEqual(digest, library.Authentication.calculateDigest(cleared, authProtocol, authKey, engineId))
  }

  /** The scoped PDU inside; throws when it cannot be decrypted into one. */
  const open = ({ flags, rest, engineId: engineID, engineBoots, engineTime, privacyParameters }: V3Head): BerReader => {
    const reader = new BerReader(rest.bytes, rest.at, rest.end)
    if ((flags & FLAG.privacy) === 0) return reader.inside(TAG.sequence)
    const hidden = Buffer.from(reader.octets())
    const engine = { engineID, engineBoots, engineTime }
    const parameters = Buffer.from(privacyParameters)
    const content = library.Encryption.decryptPdu(privProtocol, hidden, parameters, privKey, authProtocol, engine)
    return new BerReader(content).inside(TAG.sequence)
  }

  return { level, scoped, encode, isAuthentic, open }
}
