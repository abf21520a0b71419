import { EventEmitter } from 'node:events'
import type netSnmp from 'net-snmp'
import type { Session } from 'net-snmp'
import { SnmpError, type SnmpProblem } from '../problem.ts'
import type { SnmpValue, Varbind } from '../value.ts'
import { checkSame, silence, statusError } from './community-session.ts'
import type { Datagrams } from './datagrams.ts'
import type { Endpoint, Patience, SnmpSession, V3Credential } from './session.ts'
import { FLAG, isSoundAnswer } from './v3-guard.ts'
import { createPasswordToKey } from './v3-keys.ts'

const AUTH = {
  md5: 'md5',
  sha1: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
} as const
const PRIVACY = { aes128: 'aes', aes256: 'aes256b', 'aes256-cisco': 'aes256r' } as const

let loaded: Promise<typeof netSnmp> | undefined

/** net-snmp, with its cache of keys, which would hold passwords for ever, replaced by our own. Loaded when first asked for. */
export function loadNetSnmp(): Promise<typeof netSnmp> {
  loaded ??= import('net-snmp').then(({ default: library }) => {
    library.Authentication.passwordToKey = createPasswordToKey()
    return library
  })
  return loaded
}

export function userOf(library: typeof netSnmp, credential: V3Credential) {
  const { SecurityLevel, AuthProtocols, PrivProtocols } = library
  const { user: name, level } = credential
  if (level === 'noAuth') return { name, level: SecurityLevel.noAuthNoPriv }
  const { protocol, key } = credential.auth
  const signed = { name, authProtocol: AuthProtocols[AUTH[protocol]], authKey: key }
  if (level === 'auth') return { ...signed, level: SecurityLevel.authNoPriv }
  const { privacy } = credential
  const hidden = { privProtocol: PrivProtocols[PRIVACY[privacy.protocol]], privKey: privacy.key }
  return { ...signed, ...hidden, level: SecurityLevel.authPriv }
}

const FLAGS = { noAuth: 0, auth: FLAG.auth, authPriv: FLAG.auth | FLAG.privacy }

type NetVarbind = { oid: string; type: number; value: unknown }

/** A device that answers everything with "say that again" must not keep us busy. */
const MOST_SENDS_AN_ATTEMPT = 4

/** v3 by net-snmp, over the socket that all devices share. What it gets to see was asked for and is well formed. */
export async function createV3Session(deps: {
  datagrams: Datagrams
  endpoint: Endpoint
  credential: V3Credential
  patience: Patience
}): Promise<SnmpSession> {
  const { datagrams, endpoint, credential, patience } = deps
  const library = await loadNetSnmp()
  const level = FLAGS[credential.level]
  const waiting = new Set<(error: SnmpError) => void>()
  let garbage = 0
  let sends = 0

  const failAll = (error: SnmpError): void => {
    for (const fail of [...waiting]) fail(error)
  }
  const socket = Object.assign(new EventEmitter(), {
    ref() {},
    unref() {},
    bind() {},
    close: () => stopListening(),
    send(message: Buffer, _offset: number, _length: number, _port: number, _target: string, sent: () => void) {
      sends += 1
      // First the library notes that it waits, then the answer can come.
      sent()
      if (sends > MOST_SENDS_AN_ATTEMPT * (patience.retries + 1))
        return failAll(new SnmpError('garbage', 'the device answers with reports without end'))
      datagrams.send(message, endpoint).catch(failAll)
    },
  })
  const stopListening = datagrams.listen(endpoint, bytes => {
    if (!isSoundAnswer(bytes, level)) {
      garbage += 1
      return
    }
    try {
      socket.emit('message', bytes)
    } catch {
      garbage += 1
    }
  })
  const session: Session = library.createV3Session(endpoint.address, userOf(library, credential), {
    ...{ port: endpoint.port, timeout: patience.timeoutMs, retries: patience.retries, reportOidMismatchErrors: false },
    dgramModule: { createSocket: () => socket },
  })
  session.on('error', () => {
    garbage += 1
  })

  type Question = (answered: (error: Error | null, varbinds?: (NetVarbind | NetVarbind[])[]) => void) => void
  const exchange = (question: Question): Promise<Varbind[]> =>
    new Promise((resolve, reject) => {
      garbage = 0
      sends = 0
      const fail = (error: SnmpError): void => {
        waiting.delete(fail)
        reject(error)
      }
      waiting.add(fail)
      question((error, varbinds) => {
        waiting.delete(fail)
        if (error) return reject(errorOf(error, garbage, patience))
        try {
          resolve(inOrder(varbinds ?? []).map(readVarbind))
        } catch {
          reject(new SnmpError('garbage', 'the answer has values of unknown form'))
        }
      })
    })

  return {
    version: 'v3',
    async get(oids) {
      const varbinds = await exchange(answered => session.get(oids, answered))
      checkSame(oids, varbinds)
      return varbinds
    },
    async getNext(oids) {
      const varbinds = await exchange(answered => session.getNext(oids, answered))
      if (varbinds.length !== oids.length)
        throw new SnmpError('garbage', 'the answer has not as many variables as asked')
      return varbinds
    },
    async getBulk(oids, repetitions) {
      const varbinds = await exchange(answered => session.getBulk(oids, 0, repetitions, answered))
      if (varbinds.length > oids.length * repetitions)
        throw new SnmpError('garbage', 'the answer has more variables than asked')
      return varbinds
    },
    close() {
      session.close()
      failAll(new SnmpError('closed', 'the session is closed'))
    },
  }
}

/** The library gives a GETBULK column by column; on the wire they stand row by row. */
function inOrder(varbinds: (NetVarbind | NetVarbind[])[]): NetVarbind[] {
  const columns = varbinds.map(one => (Array.isArray(one) ? one : [one]))
  const rows = Math.max(0, ...columns.map(column => column.length))
  return Array.from({ length: rows }, (_, row) => columns.flatMap(column => column.slice(row, row + 1))).flat()
}

const NUMBERS: Record<number, 'integer' | 'counter32' | 'gauge32' | 'ticks'> = {
  2: 'integer',
  65: 'counter32',
  66: 'gauge32',
  67: 'ticks',
}
const NONE: Record<number, 'null' | 'no-such-object' | 'no-such-instance' | 'end-of-view'> = {
  5: 'null',
  128: 'no-such-object',
  129: 'no-such-instance',
  130: 'end-of-view',
}

function readVarbind({ oid, type, value }: NetVarbind): Varbind {
  const number = NUMBERS[type]
  const none = NONE[type]
  const read = (): SnmpValue => {
    if (none !== undefined) return { type: none }
    if (number !== undefined && typeof value === 'number') return { type: number, value }
    if (type === 70 && Buffer.isBuffer(value)) return { type: 'counter64', value: BigInt(`0x${value.toString('hex')}`) }
    if ((type === 4 || type === 68) && Buffer.isBuffer(value))
      return { type: type === 4 ? 'octets' : 'opaque', value: Buffer.from(value) }
    if ((type === 6 || type === 64) && typeof value === 'string') return { type: type === 6 ? 'oid' : 'address', value }
    throw new Error('a value of unknown form')
  }
  return { oid, value: read() }
}

/** What the library says in words: names of usmStats (RFC 3414, 5) and of error-status. */
const WORDS: readonly [RegExp, SnmpProblem][] = [
  [/^Unknown User Name/, 'unknown-user'],
  [/^Wrong Digest|digest/i, 'wrong-digest'],
  [/^Decryption Error|Failed to decrypt/, 'decryption'],
  [/^Unsupported Security Level/, 'unsupported-level'],
  [/Time Window|time window/, 'not-in-time-window'],
]

function errorOf(error: Error, garbage: number, patience: Patience): SnmpError {
  if (error instanceof SnmpError) return error
  if (error.name === 'RequestTimedOutError') return silence(garbage, patience)
  if ('status' in error && typeof error.status === 'number') return statusError(error.status, 0)
  const problem = WORDS.find(([pattern]) => pattern.test(error.message))?.[1]
  // Its own words may carry digests: they are not passed on.
  return new SnmpError(
    problem ?? 'garbage',
    problem === undefined ? 'the answer is not sound' : `the device says: ${problem}`,
  )
}
