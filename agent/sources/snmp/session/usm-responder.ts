// The other end of SNMPv3: an engine that knows one user.
import type { BerReader } from '../wire/ber.ts'
import { PDU, type Pdu, readPdu } from '../wire/message.ts'
import type { V3Credential } from './session.ts'
import { createUsm, type Engine } from './usm.ts'
import { FLAG, readV3Head } from './v3-head.ts'

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

export type V3Question = { pdu: Pdu; context: string; reply(pdu: Pdu): Buffer }

/**
 * Reads a v3 message for an engine of ours, of which there may be so many; a question that is sound, or the report to send
 * back. Throws BerError for what is no v3 message.
 */
export async function createUsmResponder(credential: V3Credential, mostEngines: number) {
  const { level, scoped, encode, isAuthentic, open } = await createUsm(credential, mostEngines)

  return (bytes: Buffer, engine: Engine): V3Question | { report: Buffer } => {
    const head = readV3Head(bytes)
    const { engineID } = engine
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
      const isInTime =
        head.engineBoots === engine.engineBoots && Math.abs(head.engineTime - engine.engineTime) <= WINDOW_S
      if (!isInTime) return report(REPORT.notInTimeWindow, FLAG.auth)
    }
    let inner: BerReader
    try {
      inner = open(head)
    } catch {
      return report(REPORT.decryption)
    }
    // Of a question it is ours, of an inform the device's own: the answer has the same.
    const contextEngineId = Buffer.from(inner.octets())
    const context = inner.octets().toString('utf8')
    return {
      pdu: readPdu(inner),
      context,
      reply: pdu => encode(head.messageId, engine, head.user, asked, scoped(contextEngineId, context, pdu)),
    }
  }
}

export type UsmResponder = Awaited<ReturnType<typeof createUsmResponder>>
