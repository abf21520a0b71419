import type { Agent, ClientRequest, ClientRequestArgs, IncomingMessage, RequestOptions } from 'node:http'
import { isIP, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { trustPublicAuthorities } from '../platform/own-flags.ts'
import { type Pins, whenPinned } from './pin.ts'

export type HttpAnswer = { status: number; headers: Record<string, string | undefined>; text: string }

export type PostRequest = {
  path: string
  headers: Record<string, string>
  body: Buffer
  /** For the whole exchange. */
  timeoutMs: number
  signal?: AbortSignal
}

/** One POST to the collector. Rejects on any trouble of the network and when the time is over. */
export type HttpPost = (request: PostRequest) => Promise<HttpAnswer>
/** One GET. */
export type HttpGet = (request: Omit<PostRequest, 'body'> & { longestAnswerBytes?: number }) => Promise<HttpAnswer>

/** One GET whose body may be large; its parts as they come. Throws for any status but 200. */
export type Download = (request: Omit<PostRequest, 'body'>) => AsyncIterable<Uint8Array>

export type HttpClient = {
  post: HttpPost
  get: HttpGet
  download: Download
  /** Opens the connection that the first question will take, so that its handshake does not have to be waited for. */
  open(): void
  close(): void
}

/** How the collector is reached and recognised. */
export type Way = {
  collector: URL
  /** Certificates (PEM) that are trusted in place of the public authorities: a city's own is the only one then. */
  ca?: string | undefined
  /** Its key must be one of these; without `ca` that is all that counts, so it may sign itself. */
  pins?: Pins | undefined
  /** Address of a proxy, with its password if it has one. */
  proxy?: string | undefined
}

/** An answer of the collector is a few hundred bytes, unless said otherwise; whoever sends more is not the collector. */
const LONGEST_ANSWER_BYTES = 64 * 1024
/** Fresh batches, those that waited, and the waiting for tasks. The others open only when they are needed. */
const MOST_CONNECTIONS = 3

type Transport = {
  agent: Agent
  open: () => void
  close: () => void
  request: (url: URL, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest
}

type Exchange = Omit<PostRequest, 'body'> & { body?: Buffer; longestAnswerBytes?: number }

/**
 * Keeps connections open to the collector. By node:http or node:https, whichever the URL asks for: fetch would cost
 * 25 MB. No redirect is followed.
 */
export function createHttpClient(way: Way): HttpClient {
  const { collector } = way
  const { agent, request, open, close } = openTransport(way)
  const exchange = (asked: Exchange): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const { path, headers, body, timeoutMs, signal, longestAnswerBytes = LONGEST_ANSWER_BYTES } = asked
      const url = new URL(`${collector.pathname.replace(/\/+$/, '')}${path}`, collector)
      const length = body === undefined ? {} : { 'content-length': String(body.length) }
      const options = { method: body === undefined ? 'GET' : 'POST', agent, headers: { ...headers, ...length } }
      const sent = request(url, { ...options, ...(signal && { signal }) }, answer => {
        const parts: Buffer[] = []
        let bytes = 0
        answer.on('data', (part: Buffer) => {
          bytes += part.length
          parts.push(part)
          if (bytes > longestAnswerBytes) sent.destroy(new Error('the answer is too long to be that of a collector'))
        })
        answer.on('error', reject)
        answer.on('end', () => {
          const single = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
          const text = Buffer.concat(parts).toString('utf8')
          resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(single), text })
        })
      })
      const timer = setTimeout(() => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      let asksAgain = false
      sent.on('close', () => {
        clearTimeout(timer)
        if (!asksAgain) reject(new Error('the connection was closed before the answer was whole'))
      })
      sent.on('error', error => {
        // The collector closed the idle connection at the moment we used it: that is no trouble, ask on a new one.
        asksAgain = sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        if (asksAgain) exchange(asked).then(resolve, reject)
        else reject(error)
      })
      sent.end(body)
    })
  async function* download({
    path,
    headers,
    timeoutMs,
    signal,
  }: Omit<PostRequest, 'body'>): AsyncGenerator<Uint8Array> {
    const url = new URL(`${collector.pathname.replace(/\/+$/, '')}${path}`, collector)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const sent = request(url, { agent, headers, ...(signal && { signal }) }, resolve)
    sent.on('error', reject)
    const timer = setTimeout(() => sent.destroy(new Error(`not whole within ${timeoutMs} ms`)), timeoutMs)
    try {
      sent.end()
      const answer = await promise
      if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
      yield* answer as AsyncIterable<Uint8Array>
    } finally {
      clearTimeout(timer)
      sent.destroy()
    }
  }
  return { post: exchange, get: exchange, download, open, close }
}

/** Loads what the way to this collector takes: 10 ms that are not waited for while something else is. */
export function loadTransport(collector: URL | undefined): void {
  process.getBuiltinModule(collector?.protocol === 'http:' ? 'node:http' : 'node:https')
}

/** Not by import: that touches every export of node:http, and with its WebSocket comes all of fetch, 14 MB. */
function openTransport({ collector, ca, pins, proxy }: Way): Transport {
  const proxyEnv = proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }
  const keepAlive = { keepAlive: true, maxSockets: MOST_CONNECTIONS, maxFreeSockets: MOST_CONNECTIONS, ...proxyEnv }
  if (collector.protocol === 'http:') {
    const http = process.getBuiltinModule('node:http')
    const agent = new http.Agent(keepAlive)
    return { agent, request: http.request, open() {}, close: () => agent.destroy() }
  }
  const https = process.getBuiltinModule('node:https')
  if (ca === undefined && pins === undefined) trustPublicAuthorities()
  // With a pin alone no authority counts: an empty list spares reading the public ones.
  const authorities = ca ?? (pins === undefined ? undefined : [])
  const trust = {
    ...(authorities !== undefined && { ca: authorities }),
    rejectUnauthorized: pins === undefined || ca !== undefined,
  }
  // A resumed session shows no certificate, so with a pin each connection is a whole one.
  const sessions = pins === undefined ? {} : { maxCachedSessions: 0 }
  const agent = new https.Agent({ ...keepAlive, ...trust, ...sessions })
  const dial = agent.createConnection.bind(agent)
  const connect = (options: ClientRequestArgs): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, stream: Duplex): void => {
        if (error) reject(error)
        else if (pins === undefined) resolve(stream)
        else whenPinned(stream, pins).then(resolve, reject)
      }
      const socket = dial(options, done)
      // Through a proxy it is given when the tunnel stands.
      if (proxy === undefined && socket) done(null, socket)
    })

  /** Opened before anybody asked; undefined inside when that failed. */
  let early: Promise<Duplex | undefined> | undefined
  agent.createConnection = (options, connected = () => {}) => {
    const first = early ?? Promise.resolve(undefined)
    early = undefined
    first
      .then(opened => (opened?.writable ? opened : connect(options)))
      .then(
        stream => connected(null, stream),
        // There is none, but the signature wants one.
        error => connected(error, new Socket()),
      )
    return undefined
  }
  const open = (): void => {
    if (proxy !== undefined || early !== undefined) return
    const host = collector.hostname.replace(/^\[|\]$/g, '')
    const there = { host, port: collector.port || 443, servername: isIP(host) === 0 ? host : '' }
    // One that fails is not told of: whoever asks first finds out for himself.
    early = connect({ ...agent.options, ...there })
      .then(stream => stream.on('error', () => {}))
      .catch(() => undefined)
  }
  const close = (): void => {
    agent.destroy()
    void early?.then(stream => stream?.destroy())
  }
  return { agent, request: https.request, open, close }
}
