import { randomInt } from 'node:crypto'
import { SnmpError, type SnmpProblem } from '../problem.ts'
import type { Oid, Varbind } from '../value.ts'
import {
  ask,
  type CommunityMessage,
  type CommunityVersion,
  decodeMessage,
  encodeMessage,
  PDU,
} from '../wire/message.ts'
import type { Datagrams } from './datagrams.ts'
import type { Endpoint, Patience, SnmpSession } from './session.ts'

/** error-status of RFC 3416, 3. What is not here is told as `device-error` with its number. */
const STATUS: Record<number, SnmpProblem> = { 1: 'too-big', 2: 'no-such-name', 6: 'not-in-view', 16: 'not-in-view' }

/** What an answer with an error-status means; `variable` counts from 0. */
export function statusError(status: number, index: number): SnmpError {
  const variable = index > 0 ? index - 1 : undefined
  return new SnmpError(STATUS[status] ?? 'device-error', `the device answers with error-status ${status}`, variable)
}

/** Numbers of requests: each once in 2^31, from a place that nobody can guess. */
let lastRequestId = randomInt(0x7fff_ffff)
export function nextRequestId(): number {
  lastRequestId = (lastRequestId + 1) & 0x7fff_ffff
  return lastRequestId
}

/** Nothing came, or nothing that can be read. */
export function silence(garbage: number, { timeoutMs, retries }: Patience): SnmpError {
  return garbage > 0
    ? new SnmpError('garbage', 'what came back is no answer of SNMP')
    : new SnmpError('timeout', `no answer within ${timeoutMs} ms, asked ${retries + 1} times`)
}

/** v1 and v2c with a codec of our own. An answer that is garbage is one that did not come: a forged one shall not stop the true one. */
export function createCommunitySession(deps: {
  datagrams: Datagrams
  endpoint: Endpoint
  version: CommunityVersion
  community: string
  patience: Patience
}): SnmpSession {
  const { datagrams, endpoint, version, patience } = deps
  const community = Buffer.from(deps.community)
  const waiting = new Set<(error: SnmpError) => void>()

  const exchange = (tag: number, oids: readonly Oid[], nonRepeaters = 0, repetitions = 0): Promise<Varbind[]> =>
    new Promise((resolve, reject) => {
      const requestId = nextRequestId()
      const pdu = { tag, requestId, errorStatus: nonRepeaters, errorIndex: repetitions, varbinds: ask(oids) }
      const message = encodeMessage({ version, community, pdu })
      let attemptsLeft = patience.retries + 1
      let garbage = 0
      let timer: NodeJS.Timeout | undefined
      const end = (finish: () => void): void => {
        clearTimeout(timer)
        stopListening()
        waiting.delete(fail)
        finish()
      }
      const fail = (error: SnmpError): void => end(() => reject(error))
      const stopListening = datagrams.listen(endpoint, bytes => {
        const answer = readAnswer(bytes, version, requestId)
        if (answer === 'garbage') garbage += 1
        if (typeof answer === 'string') return
        const { errorStatus, errorIndex, varbinds } = answer.pdu
        if (errorStatus !== 0) return fail(statusError(errorStatus, errorIndex))
        end(() => resolve(varbinds))
      })
      const attempt = (): void => {
        if (attemptsLeft === 0) {
          fail(silence(garbage, patience))
          return
        }
        attemptsLeft -= 1
        timer = setTimeout(attempt, patience.timeoutMs)
        datagrams.send(message, endpoint).catch(error => fail(error))
      }
      waiting.add(fail)
      attempt()
    })

  return {
    version,
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
      if (version === 'v1') throw new SnmpError('device-error', 'SNMPv1 has no GETBULK')
      const varbinds = await exchange(PDU.getBulk, oids, 0, repetitions)
      if (varbinds.length > oids.length * repetitions)
        throw new SnmpError('garbage', 'the answer has more variables than asked')
      return varbinds
    },
    close() {
      for (const fail of [...waiting]) fail(new SnmpError('closed', 'the session is closed'))
    },
  }
}

/** The answers to a GET stand in the order of its questions, or they are none. */
export function checkSame(oids: readonly Oid[], varbinds: readonly Varbind[]): void {
  if (varbinds.length === oids.length && varbinds.every(({ oid }, index) => oid === oids[index])) return
  throw new SnmpError('garbage', 'the answer is to other variables than asked')
}

function readAnswer(
  bytes: Buffer,
  version: CommunityVersion,
  requestId: number,
): CommunityMessage | 'garbage' | 'other' {
  try {
    const message = decodeMessage(bytes)
    // A late answer to an earlier request is no garbage. Devices may answer under another community: it proves nothing.
    const isOurs = message.pdu.requestId === requestId && message.pdu.tag === PDU.response
    return isOurs && message.version === version ? message : 'other'
  } catch {
    return 'garbage'
  }
}
