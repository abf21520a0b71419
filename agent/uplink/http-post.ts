import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'

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

export type HttpClient = { post: HttpPost; close(): void }

/** An answer of the collector is a few hundred bytes; whoever sends more is not the collector. */
const LONGEST_ANSWER_BYTES = 64 * 1024

type Transport = {
  agent: Agent
  request: (url: URL, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest
}

/**
 * Keeps one connection open to the collector. By node:http or node:https, whichever the URL asks for: fetch would cost
 * 25 MB. `ca` (PEM) takes the place of the public authorities, so a city's own certificate is the only one trusted.
 */
export function createHttpClient(collector: URL, ca: string | undefined): HttpClient {
  const { agent, request } = openTransport(collector, ca)
  const exchange = ({ path, headers, body, timeoutMs, signal }: PostRequest): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      const url = new URL(collector)
      url.pathname = `${collector.pathname.replace(/\/+$/, '')}${path}`
      const allHeaders = { ...headers, 'content-length': String(body.length) }
      const sent = request(url, { method: 'POST', agent, headers: allHeaders, ...(signal && { signal }) }, answer => {
        const parts: Buffer[] = []
        let bytes = 0
        answer.on('data', (part: Buffer) => {
          bytes += part.length
          parts.push(part)
          if (bytes > LONGEST_ANSWER_BYTES) sent.destroy(new Error('the answer is too long to be that of a collector'))
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
        if (asksAgain) exchange({ path, headers, body, timeoutMs, ...(signal && { signal }) }).then(resolve, reject)
        else reject(error)
      })
      sent.end(body)
    })
  return { post: exchange, close: () => agent.destroy() }
}

/** Not by import: that touches every export of node:http, and with its WebSocket comes all of fetch, 14 MB. */
function openTransport(collector: URL, ca: string | undefined): Transport {
  const keepAlive = { keepAlive: true, maxSockets: 1 }
  if (collector.protocol === 'http:') {
    const http = process.getBuiltinModule('node:http')
    return { agent: new http.Agent(keepAlive), request: http.request }
  }
  const https = process.getBuiltinModule('node:https')
  return { agent: new https.Agent({ ...keepAlive, ...(ca !== undefined && { ca }) }), request: https.request }
}
