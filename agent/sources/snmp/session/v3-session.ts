import { randomInt } from 'node:crypto'
import { SnmpError, type SnmpProblem } from '../problem.ts'
import type { Oid, Varbind } from '../value.ts'
import { ask, PDU, type Pdu, readPdu } from '../wire/message.ts'
import { checkSame, nextRequestId, silence, statusError } from './community-session.ts'
import type { Datagrams } from './datagrams.ts'
import type { Endpoint, Patience, SnmpSession, V3Credential } from './session.ts'
import { createUsm, type Engine } from './usm.ts'
import { FLAG, readV3Head, type V3Head } from './v3-head.ts'

/** usmStats (RFC 3414, 5): what a report says is wrong, by its last number. */
const USM_STATS = '1.3.6.1.6.3.15.1.1.'
const PROBLEMS: Record<string, SnmpProblem> = {
  '1.0': 'unsupported-level',
  '3.0': 'unknown-user',
  '5.0': 'wrong-digest',
  '6.0': 'decryption',
}
const NOT_IN_TIME_WINDOW = '2.0'
const UNKNOWN_ENGINE = '4.0'
/** A device that answers everything with "say that again" must not keep us busy. */
const MOST_REPORTS = 4
/** The device's own, and the one that stood there before. */
const ENGINES = 2
const NOBODY: Engine = { engineID: Buffer.alloc(0), engineBoots: 0, engineTime: 0 }

/**
 * v3. The device's engine and its time are learned at the first question and kept. An answer counts only when it is
 * signed and encrypted as the question was; only reports may be weaker, as an engine that does not know the user cannot sign.
 */
export async function createV3Session(deps: {
  datagrams: Datagrams
  endpoint: Endpoint
  credential: V3Credential
  patience: Patience
}): Promise<SnmpSession> {
  const { datagrams, endpoint, credential, patience } = deps
  const usm = await createUsm(credential, ENGINES)
  const waiting = new Set<(error: SnmpError) => void>()
  let engine: (Engine & { atMs: number }) | undefined

  const learn = ({ engineId, engineBoots, engineTime }: V3Head): void => {
    engine = { engineID: Buffer.from(engineId), engineBoots, engineTime, atMs: performance.now() }
  }
  const encode = (messageId: number, pdu: Pdu): Buffer => {
    if (engine === undefined) {
      const nothing = usm.scoped(NOBODY.engineID, '', { ...pdu, tag: PDU.get, varbinds: [] })
      return usm.encode(messageId, NOBODY, '', FLAG.reportable, nothing)
    }
    const engineTime = engine.engineTime + Math.floor((performance.now() - engine.atMs) / 1_000)
    const flags = usm.level | FLAG.reportable
    return usm.encode(
      messageId,
      { ...engine, engineTime },
      credential.user,
      flags,
      usm.scoped(engine.engineID, '', pdu),
    )
  }
  /** The PDU of an answer that may be believed; undefined for one that is no answer to this message. */
  const read = (bytes: Buffer, messageId: number): { head: V3Head; pdu: Pdu } | undefined => {
    const head = readV3Head(bytes)
    if (head.messageId !== messageId) return undefined
    if ((head.flags & FLAG.auth) !== 0 && (usm.level === 0 || !usm.isAuthentic(bytes, head)))
      throw new Error('the digest is wrong')
    if ((head.flags & ~FLAG.reportable & ~usm.level) !== 0) throw new Error('another level of security')
    const scoped = usm.open(head)
    scoped.octets()
    scoped.octets()
    const pdu = readPdu(scoped)
    if (pdu.tag === PDU.report) return { head, pdu }
    const isSigned =
      (head.flags & usm.level) === usm.level && engine !== undefined && head.engineId.equals(engine.engineID)
    if (!isSigned || pdu.tag !== PDU.response) throw new Error('an answer that is not signed')
    return { head, pdu }
  }

  const exchange = (tag: number, oids: readonly Oid[], repetitions = 0): Promise<Varbind[]> =>
    new Promise((resolve, reject) => {
      const requestId = nextRequestId()
      const pdu: Pdu = { tag, requestId, errorStatus: 0, errorIndex: repetitions, varbinds: ask(oids) }
      let messageId = 0
      let attemptsLeft = patience.retries + 1
      let reports = 0
      let garbage = 0
      let timer: NodeJS.Timeout | undefined
      const end = (finish: () => void): void => {
        clearTimeout(timer)
        stopListening()
        waiting.delete(fail)
        finish()
      }
      const fail = (error: SnmpError): void => end(() => reject(error))
      const send = (): void => {
        messageId = randomInt(0x7fff_ffff)
        clearTimeout(timer)
        timer = setTimeout(attempt, patience.timeoutMs)
        datagrams.send(encode(messageId, pdu), endpoint).catch(fail)
      }
      const attempt = (): void => {
        if (attemptsLeft === 0) {
          fail(silence(garbage, patience))
          return
        }
        attemptsLeft -= 1
        send()
      }
      const hearReport = (head: V3Head, report: Pdu): void => {
        const stat = report.varbinds[0]?.oid.replace(USM_STATS, '') ?? ''
        const problem = PROBLEMS[stat]
        reports += 1
        if (problem !== undefined) fail(new SnmpError(problem, `the device says: ${problem}`))
        else if (reports > MOST_REPORTS) fail(new SnmpError('garbage', 'the device answers with reports without end'))
        else if ((stat === NOT_IN_TIME_WINDOW || stat === UNKNOWN_ENGINE) && head.engineId.length >= 5) {
          learn(head)
          send()
        } else garbage += 1
      }
      const stopListening = datagrams.listen(endpoint, bytes => {
        try {
          const answer = read(bytes, messageId)
          if (answer === undefined) return
          if (answer.pdu.tag === PDU.report) hearReport(answer.head, answer.pdu)
          else if (answer.pdu.requestId === requestId) {
            const { errorStatus, errorIndex, varbinds } = answer.pdu
            if (usm.level !== 0) learn(answer.head)
            if (errorStatus !== 0) fail(statusError(errorStatus, errorIndex))
            else end(() => resolve(varbinds))
          }
        } catch {
          garbage += 1
        }
      })
      waiting.add(fail)
      attempt()
    })

  return {
    version: 'v3',
    async get(oids) {
      const varbinds = await exchange(PDU.get, oids)
      checkSame(oids, varbinds)
      return varbinds
    },
    async getNext(oids) {
      const varbinds = await exchange(PDU.getNext, oids)
      if (varbinds.length !== oids.length)
        throw new SnmpError('garbage', 'the answer has not as many variables as asked')
      return varbinds
    },
    async getBulk(oids, repetitions) {
      const varbinds = await exchange(PDU.getBulk, oids, repetitions)
      if (varbinds.length > oids.length * repetitions)
        throw new SnmpError('garbage', 'the answer has more variables than asked')
      return varbinds
    },
    close() {
      for (const fail of [...waiting]) fail(new SnmpError('closed', 'the session is closed'))
    },
  }
}
