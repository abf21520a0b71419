// Webhooks against a real HTTP receiver that checks them as a stranger would, with node:crypto alone.
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { ChannelError } from '../../../server/notify/channels/channel.ts'
import { webhookChannel } from '../../../server/notify/channels/webhook.ts'
import { digestMessage, incidentUrl, type Message, type Notice, noticeMessage } from '../../../server/notify/message.ts'
import { freePort } from '../../support/free-port.ts'
import { startReceiver } from './receiver.ts'

const AT = Date.UTC(2026, 10, 22, 1, 56)
const CONTEXT = { place: 'Kota Depok', publicUrl: 'https://pantau.depok.go.id', timeZone: 'Asia/Jakarta' }
const SECRET = 'rahasia-bersama-0123456789'

const heartbeat: IncidentSummary = {
  id: '01990000-0000-7000-8000-000000000001',
  number: 3,
  state: 'open',
  severity: 'high',
  kind: 'fault',
  ruleId: 'heartbeat',
  title: { id: 'Agen diam', en: 'Agent is silent' },
  subject: { id: '01990000-0000-7000-8000-000000000002', name: 'srv-01' },
  part: '',
  openedAt: AT,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: null,
  threshold: null,
  unit: 'ms',
}
const notice = (deliveryId: string): Notice => ({
  deliveryId,
  event: 'opened',
  at: AT,
  incident: heartbeat,
  url: incidentUrl(CONTEXT.publicUrl, heartbeat.id),
})

function send(
  url: string,
  message: Message = noticeMessage(notice('d1'), CONTEXT, null),
  signal = AbortSignal.timeout(5_000),
) {
  return webhookChannel.send({
    values: { url, secret: SECRET },
    message,
    deliveryId: 'd1',
    remaining: null,
    signal,
    at: AT + 2_000,
  })
}

async function failureOf(sending: Promise<unknown>) {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ChannelError)) throw new Error(`expected a ChannelError, got ${String(error)}`)
  return error.failure
}

test('the receiver can check by the signature that it is ours and whole', async () => {
  const receiver = await startReceiver()
  expect(await send(receiver.url)).toEqual({ note: null })
  const [post] = receiver.posts
  if (post === undefined) throw new Error('nothing came')
  expect(post.path).toBe('/hook')
  expect(post.headers['pantau-delivery']).toBe('d1')
  expect(post.headers['pantau-timestamp']).toBe(String(AT + 2_000))
  const expected = createHmac('sha256', SECRET)
    .update(`${AT + 2_000}.${post.body}`)
    .digest('hex')
  expect(post.headers['pantau-signature']).toBe(`v1=${expected}`)
  expect(JSON.parse(post.body)).toEqual({
    id: 'd1',
    event: 'opened',
    at: AT,
    place: 'Kota Depok',
    incident: heartbeat,
    url: `https://pantau.depok.go.id/incidents/${heartbeat.id}`,
  })
})

test('a digest has each notice with the id of its own', async () => {
  const receiver = await startReceiver()
  await send(receiver.url, digestMessage([notice('a'), notice('b')], CONTEXT))
  const body = JSON.parse(receiver.posts[0]?.body ?? '')
  expect(body).toMatchObject({ id: 'd1', event: 'digest', url: 'https://pantau.depok.go.id/incidents' })
  expect(body.notices).toEqual(
    ['a', 'b'].map(id => expect.objectContaining({ id, event: 'opened', incident: heartbeat })),
  )
})

describe('answers', () => {
  const answering = async (status: number, headers: Record<string, string> = {}) => {
    const receiver = await startReceiver(response => response.writeHead(status, headers).end('inner secrets'))
    const failure = await failureOf(send(receiver.url))
    expect(failure.reason).not.toContain('inner secrets')
    return failure
  }

  test('that the request is wrong or the receiver gone are final', async () => {
    for (const status of [400, 410, 422]) expect(await answering(status)).toMatchObject({ outcome: 'refused' })
    expect((await answering(410)).reason).toMatch(/^127\.0\.0\.1:\d+ answered 410$/)
  })

  test('that may change are tried again', async () => {
    for (const status of [401, 404, 408, 500, 502]) expect(await answering(status)).toMatchObject({ outcome: 'retry' })
  })

  test('that ask for time get it: seconds or a date', async () => {
    expect(await answering(429, { 'retry-after': '120' })).toMatchObject({ outcome: 'retry', retryAfterMs: 120_000 })
    const date = new Date(AT + 62_000).toUTCString()
    expect(await answering(503, { 'retry-after': date })).toMatchObject({ outcome: 'retry', retryAfterMs: 60_000 })
    expect((await answering(503, { 'retry-after': 'soon' })).retryAfterMs).toBeUndefined()
  })

  test('that point elsewhere are not followed', async () => {
    const inner = await startReceiver()
    const receiver = await startReceiver(response => response.writeHead(307, { location: inner.url }).end())
    const failure = await failureOf(send(receiver.url))
    expect(failure).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('redirects are not followed') })
    expect(inner.posts).toEqual([])
  })

  test('without end are not waited for: the status is enough', async () => {
    const receiver = await startReceiver(response => {
      response.writeHead(200)
      const flood = setInterval(() => response.write('x'.repeat(65_536)), 1)
      response.on('close', () => clearInterval(flood))
    })
    expect(await send(receiver.url)).toEqual({ note: null })
  })
})

test('nobody listens, or nobody answers: tried again', async () => {
  const port = await freePort()
  expect(await failureOf(send(`http://127.0.0.1:${port}/`))).toMatchObject({
    outcome: 'retry',
    reason: `connection refused at 127.0.0.1:${port}`,
  })
  const silent = await startReceiver(() => undefined)
  const failure = await failureOf(send(silent.url, undefined, AbortSignal.timeout(200)))
  expect(failure.outcome).toBe('retry')
})

test('the form wants https or this machine, no password in the URL, and a secret worth its name', () => {
  const wrong = (url: string, secret = SECRET) => webhookChannel.check({ url, secret }).map(({ path }) => path)
  expect(wrong('https://hooks.depok.go.id/pantau')).toEqual([])
  expect(wrong('http://127.0.0.1:9000/')).toEqual([])
  expect(wrong('http://[::1]:9000/')).toEqual([])
  expect(wrong('http://hooks.depok.go.id/')).toEqual(['url'])
  expect(wrong('http://127.0.0.1.evil.example/')).toEqual(['url'])
  expect(wrong('https://user:pass@hooks.depok.go.id/')).toEqual(['url'])
  expect(wrong('file:///etc/passwd')).toEqual(['url'])
  expect(wrong('not a url')).toEqual(['url'])
  expect(wrong('https://hooks.depok.go.id/', 'short')).toEqual(['secret'])
})
