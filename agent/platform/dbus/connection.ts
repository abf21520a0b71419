import { connect } from 'node:net'
import { type Call, decodeMessage, encodeCall, lengthOfMessage, type Message } from './message.ts'
import type { DBusValue } from './values.ts'

export type Bus = {
  /** Asks and waits for the answer. Rejects with the name of the error that the other side gave. */
  call(call: Call): Promise<DBusValue[]>
  close(): void
}

const BUS = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' }

/**
 * Connects to a message bus at a Unix socket, as the user that we are (EXTERNAL, D-Bus Specification "Authentication
 * Protocol"). For a few questions, one after another or at once; `signal` ends it all. Rejects when nobody is there.
 */
export async function connectToBus(socketPath: string, signal: AbortSignal): Promise<Bus> {
  signal.throwIfAborted()
  const socket = connect({ path: socketPath })
  const waiting = new Map<number, { resolve: (body: DBusValue[]) => void; reject: (error: Error) => void }>()
  const admitted = Promise.withResolvers<void>()
  let state: 'asking' | 'admitted' = 'asking'
  let unread: Buffer = Buffer.alloc(0)
  let serial = 0
  let ended: Error | undefined

  const end = (error: Error): void => {
    ended ??= error
    signal.removeEventListener('abort', onAbort)
    socket.destroy()
    admitted.reject(error)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  const onAbort = (): void => end(new Error('the bus was not waited for any longer'))
  signal.addEventListener('abort', onAbort, { once: true })

  const admit = (): void => {
    const lineEnd = unread.indexOf('\r\n')
    if (lineEnd < 0) {
      if (unread.length > 1_024) throw new Error('this is not D-Bus')
      return
    }
    const line = unread.toString('latin1', 0, lineEnd)
    if (!line.startsWith('OK ')) throw new Error('the bus does not admit us')
    unread = unread.subarray(lineEnd + 2)
    state = 'admitted'
    socket.write('BEGIN\r\n')
    admitted.resolve()
  }

  const take = ({ kind, answers, errorName, body }: Message): void => {
    const asked = answers === undefined ? undefined : waiting.get(answers)
    // Signals and what others ask of us are no concern of ours.
    if (answers === undefined || asked === undefined) return
    waiting.delete(answers)
    if (kind === 'answer') asked.resolve(body)
    else asked.reject(new Error(`the bus says ${errorName ?? 'something odd'}`))
  }

  socket.on('connect', () => {
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`)
  })
  socket.on('data', (part: Buffer) => {
    try {
      unread = unread.length === 0 ? part : Buffer.concat([unread, part])
      if (state === 'asking') admit()
      if (state === 'asking') return
      for (let length = lengthOfMessage(unread); length !== undefined; length = lengthOfMessage(unread)) {
        if (unread.length < length) return
        take(decodeMessage(unread.subarray(0, length)))
        unread = unread.subarray(length)
      }
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)))
    }
  })
  socket.on('error', end)
  socket.on('close', () => end(new Error('the bus closed the connection')))

  const call = (asked: Call): Promise<DBusValue[]> => {
    serial += 1
    const mine = serial
    const { promise, resolve, reject } = Promise.withResolvers<DBusValue[]>()
    waiting.set(mine, { resolve, reject })
    if (ended !== undefined) reject(ended)
    else socket.write(encodeCall(mine, asked))
    return promise
  }

  await admitted.promise
  await call({ ...BUS, member: 'Hello', args: [] }).catch(error => {
    end(error)
    throw error
  })
  return { call, close: () => end(new Error('closed')) }
}
