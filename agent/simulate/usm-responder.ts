// The other end of SNMPv3 (RFC 3412, 3414, 3826): an engine that knows one user. Codes and ciphers are net-snmp's.
import { timingSafeEqual } from 'node:crypto'
import type { V3Credential } from '../sources/snmp/session/session.ts'
import { FLAG, readV3Head, type V3Head } from '../sources/snmp/session/v3-guard.ts'
import { loadNetSnmp, userOf } from '../sources/snmp/session/v3-session.ts'
import { BerReader, BerWriter, TAG } from '../sources/snmp/wire/ber.ts'
import { PDU, type Pdu, readPdu, VERSION, writePdu } from '../sources/snmp/wire/message.ts'

/** usmStats (RFC 3414, 5): what a report says is wrong. */
const USM_STATS = '1.3.6.1.6.3.15.1.1'
const REPORT = {
  unsupportedLevel: 1,
  notInTimeWindow: 2,
  unknownUser: 3,
  unknownEngine: 4,
  wrongDigest: 5,
  decryption: 6,
}
const WINDOW_S = 150
const LARGEST_MESSAGE = 65_507

export type V3Question = { pdu: Pdu; context: string; reply(pdu: Pdu): Buffer }

/**
 * Reads a v3 message for the engine; a question that is sound, or the report to send back. `upS` is the engine's time.
 * Throws BerError for what is no v3 message.
 */
export async function createUsmResponder(credential: V3Credential) {
  const library = await loadNetSnmp()
  const user = userOf(library, credential)
  const level = { noAuth: 0, auth: FLAG.auth, authPriv: FLAG.auth | FLAG.privacy }[credential.level]
  const { authProtocol = 0, authKey = '' } = 'authKey' in user ? user : {}
  const { privProtocol = 0, privKey = '' } = 'privKey' in user ? user : {}

  const scoped = (engineId: Buffer, context: string, pdu: Pdu): Buffer => {
    const writer = new BerWriter()
    writePdu(writer, pdu)
    writer.octets(TAG.octets, Buffer.from(context))
    writer.octets(TAG.octets, engineId)
    writer.close(TAG.sequence, 0)
    return writer.done()
  }

  type Engine = { engineID: Buffer; engineBoots: number; engineTime: number }

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

  return (bytes: Buffer, engineID: Buffer, upS: number): V3Question | { report: Buffer } => {
    const head = readV3Head(bytes)
    const engine: Engine = { engineID, engineBoots: 1, engineTime: Math.floor(upS) + 1 }
    const report = (stat: number, flags = 0): { report: Buffer } => {
      const varbinds = [{ oid: `${USM_STATS}.${stat}.0`, value: { type: 'counter32' as const, value: 1 } }]
      const pdu: Pdu = { tag: PDU.report, requestId: 0, errorStatus: 0, errorIndex: 0, varbinds }
      return { report: encode(head.messageId, engine, head.user, flags, scoped(engineID, '', pdu)) }
    }
    if (!head.engineId.equals(engineID)) return report(REPORT.unknownEngine)
    if (head.user !== credential.user) return report(REPORT.unknownUser)
    const asked = head.flags & (FLAG.auth | FLAG.privacy)
    if (asked > level) return report(REPORT.unsupportedLevel)
    if ((asked & FLAG.auth) !== 0) {
      if (!isAuthentic(bytes, head)) return report(REPORT.wrongDigest)
      const isInTime = head.engineBoots === 1 && Math.abs(head.engineTime - engine.engineTime) <= WINDOW_S
      if (!isInTime) return report(REPORT.notInTimeWindow, FLAG.auth)
    }
    let content = head.rest
    if ((asked & FLAG.privacy) !== 0) {
      try {
        const asEngine = { engineID, engineBoots: head.engineBoots, engineTime: head.engineTime }
        const hidden = Buffer.from(head.rest.octets())
        const parameters = Buffer.from(head.privacyParameters)
        content = new BerReader(
          library.Encryption.decryptPdu(privProtocol, hidden, parameters, privKey, authProtocol, asEngine),
        )
        new BerReader(content.bytes).inside(TAG.sequence)
      } catch {
        return report(REPORT.decryption)
      }
    }
    const inner = content.inside(TAG.sequence)
    inner.octets()
    const context = inner.octets().toString('utf8')
    return {
      pdu: readPdu(inner),
      context,
      reply: pdu => encode(head.messageId, engine, head.user, asked, scoped(engineID, context, pdu)),
    }
  }
}

export type UsmResponder = Awaited<ReturnType<typeof createUsmResponder>>
