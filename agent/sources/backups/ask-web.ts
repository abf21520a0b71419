// One GET by HTTP or HTTPS: whole, bounded, and to nobody but the server that was meant. By node:http itself, as the uplink
// has it: fetch costs more memory than the agent.
import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { connect as connectPlainly, type Socket } from 'node:net'
import { connect as connectByTls, type TLSSocket } from 'node:tls'
import { trustPublicAuthorities } from '../../platform/own-flags.ts'
import { FieldError, type Fields, optionalPath, optionalText, textField } from './fields.ts'
import type { Trouble } from './program-trouble.ts'
import { troubleOfError } from './system-trouble.ts'

export type WebPlace = {
  url: URL
  /** SHA-256 of the server's certificate, in which case no authority counts. */
  fingerprint: string | undefined
  /** File with the certificates (PEM) of the authorities that count instead of the public ones. */
  caFile: string | undefined
}
export const WEB_FIELDS = ['url', 'fingerprint', 'caFile'] as const

export function webFields(fields: Fields): WebPlace {
  const url = URL.parse(textField(fields, 'url'))
  if (url === null || !/^https?:$/.test(url.protocol)) throw new FieldError('url', 'must begin with https://')
  if (url.username !== '' || url.password !== '' || url.search !== '')
    throw new FieldError('url', 'must be an address without names, passwords and questions')
  const fingerprint = optionalText(fields, 'fingerprint')?.replaceAll(':', '').toLowerCase()
  if (fingerprint !== undefined && !/^[0-9a-f]{64}$/.test(fingerprint))
    throw new FieldError('fingerprint', 'must be the SHA-256 of the certificate: 64 digits of 0-9 and A-F')
  if (fingerprint !== undefined && url.protocol !== 'https:')
    throw new FieldError('fingerprint', 'is of no use without https')
  return { url, fingerprint, caFile: optionalPath(fields, 'caFile') }
}

export type WebAnswer = {
  trouble: null
  status: number
  /** The words behind the status: some servers say there what is wrong. */
  reason: string
  headers: IncomingHttpHeaders
  text: string
}

export type WebQuestion = {
  /** With its query, as it goes over the wire. */
  path: string
  headers: Readonly<Record<string, string>>
  signal: AbortSignal
  longestAnswerBytes: number
  /** Gets the body of an answer of 200 as it comes, however long, instead of it being kept. */
  onPart?: (part: Buffer) => void
}

/** Never rejects. No redirect is followed. */
export async function askWeb(place: WebPlace, question: WebQuestion): Promise<WebAnswer | Trouble> {
  const { signal } = question
  let socket: Socket | undefined
  const end = (): void => void socket?.destroy()
  signal.addEventListener('abort', end, { once: true })
  try {
    signal.throwIfAborted()
    const ca = place.caFile === undefined ? undefined : await readFile(place.caFile, 'utf8').catch(noCa)
    socket = await connectTo(place, ca)
    signal.throwIfAborted()
    const answer = await exchange(place, socket, question)
    const text = await textOf(answer, question)
    const { statusCode = 0, statusMessage = '', headers } = answer
    return { trouble: null, status: statusCode, reason: statusMessage, headers, text }
  } catch (error) {
    if (signal.aborted) return { trouble: 'timeout', detail: `no whole answer of ${place.url.host} in time` }
    if (error instanceof WrongPlace) return { trouble: 'configuration-wrong', detail: error.message }
    if (error instanceof WrongAnswer) return { trouble: 'answer-unreadable', detail: error.message }
    if (troubleOfError(error).trouble === 'disk-full') return troubleOfError(error)
    return { trouble: 'unreachable', detail: error instanceof Error ? error.message || String(error) : String(error) }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

class WrongAnswer extends Error {}
class WrongPlace extends Error {}

function noCa(error: Error): never {
  throw new WrongPlace(`caFile: ${error.message}`)
}

async function connectTo({ url, fingerprint }: WebPlace, ca: string | undefined): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  if (url.protocol === 'http:') return connected(connectPlainly({ host, port }), 'connect')
  if (ca === undefined && fingerprint === undefined) trustPublicAuthorities()
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host }
  const socket = connectByTls({ host, port, ...name, ...(ca && { ca }), rejectUnauthorized: fingerprint === undefined })
  await connected(socket, 'secureConnect')
  const found = fingerprintOf(socket)
  if (fingerprint !== undefined && found !== fingerprint) {
    socket.destroy()
    throw new Error(`the certificate of ${url.host} has the fingerprint ${found}, which is not the one of the job`)
  }
  return socket
}

function fingerprintOf(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase()
}

function connected<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
}

function exchange({ url }: WebPlace, socket: Socket, { path, headers }: WebQuestion): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = process.getBuiltinModule('node:http')
    const options = { path, headers: { host: url.host, ...headers }, createConnection: () => socket }
    request(options, resolve).on('error', reject).end()
  })
}

async function textOf(answer: IncomingMessage, { longestAnswerBytes, onPart }: WebQuestion): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  const keep = (part: Buffer): void => {
    bytes += part.length
    if (bytes > longestAnswerBytes) throw new WrongAnswer('the answer never came to an end')
    parts.push(part)
  }
  const take = answer.statusCode === 200 && onPart !== undefined ? onPart : keep
  const brokeOff = (): never => {
    throw new WrongAnswer('the answer broke off in the middle')
  }
  const incoming = (answer as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await incoming.next().catch(brokeOff)
    if (done) break
    take(value)
  }
  return Buffer.concat(parts).toString('utf8')
}
