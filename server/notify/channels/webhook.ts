// A signed HTTP POST of JSON. Redirects are never followed and nothing of the answer but status and Retry-After is used,
// so that a URL can't be made to fetch and show what only this machine can reach.
import { createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { z } from 'zod'
import type { Message, Notice } from '../message.ts'
import { ChannelError, defineChannel, type SendJob, type Sent } from './channel.ts'
import { codesOf, connectionReason, isLoopback } from './connection-reason.ts'

export const SIGNATURE_HEADERS = {
  delivery: 'pantau-delivery',
  timestamp: 'pantau-timestamp',
  signature: 'pantau-signature',
} as const

/** Answers that say the request itself is wrong or the receiver is gone for good; trying again is no use. */
const FINAL_STATUSES = new Set([400, 405, 410, 411, 413, 414, 415, 422])

const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .superRefine((text, context) => {
      if (!URL.canParse(text)) return
      const url = new URL(text)
      if (url.username !== '' || url.password !== '')
        context.addIssue({ code: 'custom', message: 'must not carry user or password' })
      if (url.protocol === 'http:' && !isLoopback(url.hostname))
        context.addIssue({ code: 'custom', message: 'must be https (http only to this machine, localhost)' })
    }),
  secret: z.string().min(16).max(200),
})

export type WebhookSettings = z.output<typeof settings>

export const webhookChannel = defineChannel({
  kind: 'webhook',
  title: { id: 'Webhook', en: 'Webhook' },
  secretsShownTo: [],
  settings,
  send: post,
  fields: [
    {
      name: 'url',
      label: { id: 'Alamat URL', en: 'URL' },
      help: { id: 'https; http hanya ke mesin ini', en: 'https; http only to this machine' },
      type: 'url',
      required: true,
      default: null,
    },
    {
      name: 'secret',
      label: { id: 'Rahasia tanda tangan', en: 'Signing secret' },
      help: {
        id: 'Sedikitnya 16 huruf. Penerima memeriksa tanda tangan HMAC-SHA256 dengannya.',
        en: 'At least 16 characters. The receiver checks the HMAC-SHA256 signature with it.',
      },
      type: 'secret',
      required: true,
      default: null,
    },
  ],
})

/** `v1=` and HMAC-SHA256 in hex over timestamp (UTC ms), a dot and the body. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`
}

async function post(job: SendJob<WebhookSettings>): Promise<Sent> {
  const url = new URL(job.settings.url)
  const where = url.port === '' ? `${url.hostname}:${url.protocol === 'https:' ? 443 : 80}` : url.host
  const body = JSON.stringify(bodyOf(job.message, job.deliveryId))
  const timestamp = String(job.at)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Pantau',
    [SIGNATURE_HEADERS.delivery]: job.deliveryId,
    [SIGNATURE_HEADERS.timestamp]: timestamp,
    [SIGNATURE_HEADERS.signature]: signatureOf(job.settings.secret, timestamp, body),
  }
  const answer = await exchange(url, headers, body, job.signal).catch((error: unknown) => {
    const reasons = codesOf(error).map(code => connectionReason(code, where))
    const reason = reasons.find(candidate => candidate !== null) ?? `no usable answer from ${where}`
    throw new ChannelError({ outcome: 'retry', reason })
  })
  return judge(answer, where, job.at)
}

type Answer = { status: number; retryAfter: string | undefined }

/** One request on a connection of its own; the body of the answer is thrown away unread. */
function exchange(
  url: URL,
  headers: Record<string, string | number>,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, signal, agent: false }, response => {
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] })
      response.destroy()
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function judge(answer: Answer, where: string, at: number): Sent {
  const { status } = answer
  if (status >= 200 && status < 300) return { note: null }
  if (status >= 300 && status < 400)
    throw new ChannelError({ outcome: 'retry', reason: `${where} answered ${status}: redirects are not followed` })
  const retryAfterMs = status === 429 || status === 503 ? retryAfter(answer.retryAfter, at) : undefined
  const outcome = FINAL_STATUSES.has(status) ? 'refused' : 'retry'
  throw new ChannelError({ outcome, reason: `${where} answered ${status}`, retryAfterMs })
}

/** Retry-After (RFC 9110 10.2.3): seconds or a date. */
function retryAfter(header: string | undefined, at: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const until = Date.parse(header)
  return Number.isNaN(until) ? undefined : Math.max(0, until - at)
}

/** One event as it is; several of a digest in `notices`, each with the id that it would have had alone. */
function bodyOf(message: Message, deliveryId: string): Record<string, unknown> {
  const head = { id: deliveryId, event: message.event, at: message.at, place: message.place }
  if (message.event === 'digest') return { ...head, notices: message.notices.map(noticeBody), url: message.url }
  const [notice] = message.notices
  return { ...head, ...(notice === undefined ? {} : { incident: notice.incident }), url: message.url }
}

function noticeBody(notice: Notice): Record<string, unknown> {
  return { id: notice.deliveryId, event: notice.event, at: notice.at, incident: notice.incident, url: notice.url }
}
