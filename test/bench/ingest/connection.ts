// One keep-alive connection that sends a request at a time, written by hand: ten thousand clients of node:http in one
// process would cost more than the collector that they measure.
import { connect, type Socket } from 'node:net'

export type Answer = { status: number; body: string; retryAfterS: number }

export type Connection = {
  /** Sends the whole request; one at a time. Rejects when the connection breaks under it. */
  send(head: string, body: string): Promise<Answer>
  close(): void
}

const END_OF_HEAD = '\r\n\r\n'

export function createConnection(port: number): Connection {
  let socket: Socket | null = null
  let waiting: PromiseWithResolvers<Answer> | null = null
  let received = ''

  function open(): Socket {
    const opened = connect({ host: '127.0.0.1', port, noDelay: true })
    opened.setEncoding('latin1')
    opened.on('data', text => {
      received += text
      const answer = readAnswer(received)
      if (answer === null) return
      received = ''
      const settled = waiting
      waiting = null
      settled?.resolve(answer)
    })
    opened.on('error', () => {})
    opened.on('close', () => {
      socket = null
      received = ''
      waiting?.reject(new Error('the connection was closed'))
      waiting = null
    })
    return opened
  }

  return {
    send(head, body) {
      socket ??= open()
      waiting = Promise.withResolvers<Answer>()
      socket.write(`${head}content-length: ${Buffer.byteLength(body)}${END_OF_HEAD}${body}`)
      return waiting.promise
    },
    close: () => socket?.destroy(),
  }
}

/** Null until it is whole. Answers without a length have no body here. */
function readAnswer(text: string): Answer | null {
  const end = text.indexOf(END_OF_HEAD)
  if (end < 0) return null
  const head = text.slice(0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  const body = text.slice(end + END_OF_HEAD.length)
  if (body.length < length) return null
  return {
    status: Number(head.slice(9, 12)),
    body,
    retryAfterS: Number(/\r\nretry-after: (\d+)/i.exec(head)?.[1] ?? 1),
  }
}
