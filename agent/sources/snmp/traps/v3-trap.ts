// Traps and informs of SNMPv3. A trap is signed by the engine of the device; an inform by ours, which the device asks for
// first (RFC 3414, 4), so here we are the other end.
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Clock } from '../../../platform/clock.ts'
import type { V3Credential } from '../session/session.ts'
import { createUsm, type Engine } from '../session/usm.ts'
import { createUsmResponder } from '../session/usm-responder.ts'
import { FLAG, readV3Head } from '../session/v3-head.ts'
import { PDU, readPdu } from '../wire/message.ts'
import { type Notice, noticeOf } from './trap.ts'

export type V3Heard = { notice: Notice | undefined; answer: Buffer | undefined }
/** Reads one message of a device. Throws for what is no message of this user, or is older than what was heard before. */
export type ReadV3Trap = (bytes: Buffer) => V3Heard

/** How much older than the newest a trap may be (RFC 3414, 2.2.3). */
const WINDOW_S = 150
const MINUTE_MS = 60_000

/**
 * Our engine: the same id for ever, because some devices want it written into their settings; minutes since 1970 as the
 * count of starts, so that it never falls.
 */
export function createOwnEngine(clock: Clock): () => Engine {
  const engineID = Buffer.concat([
    Buffer.from('80001f8805', 'hex'),
    createHash('sha256').update(`pantau traps ${hostname()}`).digest().subarray(0, 8),
  ])
  const engineBoots = Math.floor(clock.nowMs() / MINUTE_MS)
  const startedMs = clock.monotonicMs()
  return () => ({ engineID, engineBoots, engineTime: Math.floor((clock.monotonicMs() - startedMs) / 1_000) })
}

export async function createV3TrapReader(credential: V3Credential, ownEngine: () => Engine): Promise<ReadV3Trap> {
  const usm = await createUsm(credential, 2)
  const respond = await createUsmResponder(credential, 1)
  let newest = { boots: 0, time: 0 }

  const readInform = (bytes: Buffer): V3Heard => {
    const heard = respond(bytes, ownEngine())
    if ('report' in heard) return { notice: undefined, answer: heard.report }
    if (heard.pdu.tag !== PDU.inform) throw new Error('a question to a listener')
    const answer = heard.reply({ ...heard.pdu, tag: PDU.response, errorStatus: 0, errorIndex: 0 })
    return { notice: noticeOf(heard.pdu), answer }
  }

  return bytes => {
    const head = readV3Head(bytes)
    if (head.engineId.length === 0 || head.engineId.equals(ownEngine().engineID)) return readInform(bytes)
    if (head.user !== credential.user || (head.flags & (FLAG.auth | FLAG.privacy)) !== usm.level)
      throw new Error('another user or level of security')
    if (usm.level !== 0 && !usm.isAuthentic(bytes, head)) throw new Error('the digest is wrong')
    // What nobody signed may say any time.
    const isOlder =
      usm.level !== 0 &&
      (head.engineBoots < newest.boots ||
        (head.engineBoots === newest.boots && head.engineTime < newest.time - WINDOW_S))
    if (isOlder) throw new Error('a trap that was heard before')
    const scoped = usm.open(head)
    scoped.octets()
    scoped.octets()
    const notice = noticeOf(readPdu(scoped))
    const isNewer = head.engineBoots > newest.boots || head.engineTime > newest.time
    if (isNewer) newest = { boots: head.engineBoots, time: head.engineTime }
    return { notice, answer: undefined }
  }
}
