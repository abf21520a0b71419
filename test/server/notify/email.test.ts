// E-mail against a real SMTP server, and against ones that misbehave.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import { ChannelError, type FieldValues } from '../../../server/notify/channels/channel.ts'
import { emailChannel } from '../../../server/notify/channels/email.ts'
import { incidentUrl, noticeMessage } from '../../../server/notify/message.ts'
import { freePort } from '../../support/free-port.ts'
import { type MailServer, startMailServer } from '../../support/mail-server.ts'
import { writeSelfSigned } from './self-signed.ts'
import { startSmtpScript } from './smtp-script.ts'

const AT = Date.UTC(2026, 10, 22, 1, 56)
const CONTEXT = { place: 'Kota Depok', publicUrl: 'https://pantau.depok.go.id', timeZone: 'Asia/Jakarta' }
const PASSWORD = 'kopi tubruk tanpa gula'

const disk: IncidentSummary = {
  id: '01990000-0000-7000-8000-000000000001',
  number: 12,
  state: 'open',
  severity: 'critical',
  kind: 'fault',
  ruleId: 'filesystem_fill',
  title: { id: 'Disk hampir penuh', en: 'Disk nearly full' },
  subject: { id: '01990000-0000-7000-8000-000000000002', name: 'srv-01' },
  part: 'mountpoint=/srv',
  openedAt: AT,
  acknowledgedAt: null,
  acknowledgedBy: null,
  resolvedAt: null,
  value: 0.97,
  threshold: 0.9,
  unit: 'ratio',
}

const valuesFor = (port: number, more: FieldValues = {}): FieldValues => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'noc@depok.go.id',
  to: 'piket@depok.go.id, kadis@depok.go.id',
  language: 'id',
  ...more,
})

function send(
  values: FieldValues,
  options: {
    incident?: IncidentSummary
    follows?: string
    id?: string
    remaining?: string[]
    signal?: AbortSignal
  } = {},
) {
  const incident = options.incident ?? disk
  const event = incident.state === 'resolved' ? ('resolved' as const) : ('opened' as const)
  const deliveryId = options.id ?? '01990000-0000-7000-8000-00000000000d'
  const url = incidentUrl(CONTEXT.publicUrl, incident.id)
  return emailChannel.send({
    values,
    message: noticeMessage({ deliveryId, event, at: AT, incident, url }, CONTEXT, options.follows ?? null),
    deliveryId,
    remaining: options.remaining ?? null,
    signal: options.signal ?? AbortSignal.timeout(10_000),
    at: AT,
  })
}

async function failureOf(sending: Promise<unknown>) {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ChannelError)) throw new Error(`expected a ChannelError, got ${String(error)}`)
  expect(error.message).not.toContain(PASSWORD)
  return error.failure
}

describe('a real mailbox', () => {
  let server: MailServer
  beforeAll(async () => {
    server = await startMailServer()
  })
  afterAll(() => server.remove())

  test('gets the notice with its subject, both parts, and headers by which programs can tell it apart', async () => {
    expect(await send(valuesFor(server.port))).toEqual({ note: null })
    const [mail, ...others] = await server.messages()
    expect(others).toEqual([])
    expect(mail?.subject).toBe('[Pantau][KRITIS] Disk hampir penuh: srv-01 /srv (97 %)')
    expect(mail?.from).toBe('Pantau Kota Depok <noc@depok.go.id>')
    expect(mail?.to).toEqual(['piket@depok.go.id', 'kadis@depok.go.id'])
    expect(mail?.text).toContain('Nilai         : 97 % (batas 90 %)')
    expect(mail?.html).toContain(`<a href="https://pantau.depok.go.id/incidents/${disk.id}">Buka insiden</a>`)
    expect(mail?.headers).toMatchObject({
      'message-id': '<01990000-0000-7000-8000-00000000000d@pantau.depok.go.id>',
      'auto-submitted': 'auto-generated',
      'pantau-delivery': '01990000-0000-7000-8000-00000000000d',
      date: 'Sun, 22 Nov 2026 01:56:00 +0000',
    })
    expect(mail?.headers['in-reply-to']).toBeUndefined()
  })

  test('shows the end of an incident in the thread of its opening, and English below where both are wished', async () => {
    const over = { ...disk, state: 'resolved' as const, resolvedAt: AT + 720_000 }
    await send(valuesFor(server.port, { language: 'both' }), { incident: over, follows: 'd-opened', id: 'd-resolved' })
    const mail = (await server.messages()).find(one => one.headers['pantau-delivery'] === 'd-resolved')
    expect(mail?.subject).toBe('[Pantau][PULIH] Disk hampir penuh: srv-01 /srv')
    expect(mail?.headers).toMatchObject({
      'in-reply-to': '<d-opened@pantau.depok.go.id>',
      references: '<d-opened@pantau.depok.go.id>',
    })
    const text = mail?.text ?? ''
    expect(text.indexOf('Insiden sudah pulih.')).toBeLessThan(text.indexOf('The incident is resolved.'))
  })

  test('gets no header that a server called by a hostile name tries to slip in', async () => {
    const hostile = 'srv\r\nBcc: thief@example.org\r\n\r\nHacked'
    const incident = { ...disk, subject: { ...disk.subject, name: hostile }, title: { id: hostile, en: hostile } }
    await send(valuesFor(server.port), { incident, id: 'd-hostile' })
    const mail = (await server.messages()).find(one => one.headers['pantau-delivery'] === 'd-hostile')
    expect(mail?.headers.bcc).toBeUndefined()
    expect(mail?.headers['x-rcptto']).toBe('piket@depok.go.id, kadis@depok.go.id')
    expect(mail?.subject).toContain('srv Bcc: thief@example.org Hacked')
  })

  test('of only those who are still to be told, when others have it already', async () => {
    await send(valuesFor(server.port), { remaining: ['kadis@depok.go.id'], id: 'd-rest' })
    const mail = (await server.messages()).find(one => one.headers['pantau-delivery'] === 'd-rest')
    expect(mail?.headers['x-rcptto']).toBe('kadis@depok.go.id')
    expect(mail?.to).toEqual(['piket@depok.go.id', 'kadis@depok.go.id'])
  })
})

describe('a server that does not take it', () => {
  test('nobody listens: tried again, and it says where', async () => {
    const port = await freePort()
    expect(await failureOf(send(valuesFor(port)))).toMatchObject({
      outcome: 'retry',
      reason: `connection refused at 127.0.0.1:${port}`,
    })
  })

  test('a login that is refused is tried again, and the password is in no reason', async () => {
    const encoded = Buffer.from(`\0noc\0${PASSWORD}`).toString('base64')
    const { port, lines } = await startSmtpScript({
      offers: ['AUTH PLAIN'],
      answer: line => (line.startsWith('AUTH') ? `535 5.7.8 wrong: ${PASSWORD}` : undefined),
    })
    const failure = await failureOf(send(valuesFor(port, { user: 'noc', password: PASSWORD })))
    expect(failure).toMatchObject({ outcome: 'retry', reason: `login refused by 127.0.0.1:${port}` })
    expect(lines).toContain(`AUTH PLAIN ${encoded}`)
  })

  test('all recipients unknown (550): given up at once with the words of the server', async () => {
    const { port } = await startSmtpScript({
      answer: line => (line.startsWith('RCPT') ? '550 5.1.1 no such user' : undefined),
    })
    const failure = await failureOf(send(valuesFor(port)))
    expect(failure.outcome).toBe('refused')
    expect(failure.reason).toContain('piket@depok.go.id refused: 550 5.1.1 no such user')
  })

  test('one recipient unknown, the other has it: sent, and the note says who does not get it', async () => {
    const { port } = await startSmtpScript({
      answer: line => (line.startsWith('RCPT TO:<kadis') ? '550 5.1.1 no such user' : undefined),
    })
    expect(await send(valuesFor(port))).toEqual({ note: 'kadis@depok.go.id refused: 550 5.1.1 no such user' })
  })

  test('one recipient greylisted (451): only that one is left to be tried again', async () => {
    const { port } = await startSmtpScript({
      answer: line => (line.startsWith('RCPT TO:<kadis') ? '451 4.7.1 come back later' : undefined),
    })
    expect(await failureOf(send(valuesFor(port)))).toMatchObject({ outcome: 'retry', remaining: ['kadis@depok.go.id'] })
  })

  test('the content is refused (554): given up; too busy (421): tried again', async () => {
    const answers = (answer: string) => startSmtpScript({ answer: line => (line === '.' ? answer : undefined) })
    const spam = await answers('554 5.7.1 looks like spam')
    expect(await failureOf(send(valuesFor(spam.port)))).toMatchObject({ outcome: 'refused' })
    const busy = await answers('451 4.3.0 try later')
    expect(await failureOf(send(valuesFor(busy.port)))).toMatchObject({ outcome: 'retry' })
  })

  test('it breaks off in the middle of the message: tried again', async () => {
    const { port } = await startSmtpScript({ answer: line => (line === '.' ? null : undefined) })
    expect(await failureOf(send(valuesFor(port)))).toMatchObject({
      outcome: 'retry',
      reason: `connection broken by 127.0.0.1:${port}`,
    })
  })

  test('a certificate that nobody signed is not trusted, and not one word of the mail is said', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pantau-cert-'))
    const server = await startMailServer({ tls: writeSelfSigned(directory) })
    try {
      expect(await failureOf(send(valuesFor(server.port, { security: 'starttls' })))).toMatchObject({
        outcome: 'retry',
        reason: `certificate not trusted at 127.0.0.1:${server.port}`,
      })
      expect(await server.messages()).toEqual([])
    } finally {
      await server.remove()
      rmSync(directory, { recursive: true })
    }
  })

  test('a server without STARTTLS gets nothing when encryption is wished', async () => {
    const { port, lines } = await startSmtpScript({
      answer: line => (line === 'STARTTLS' ? '502 no such thing' : undefined),
    })
    const failure = await failureOf(send(valuesFor(port, { security: 'starttls' })))
    expect(failure).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('encryption') })
    expect(lines.some(line => line.startsWith('MAIL'))).toBe(false)
  })
})

describe('the form', () => {
  const wrong = (more: FieldValues) => emailChannel.check(valuesFor(25, more)).map(({ path }) => path)

  test('takes what is right', () => {
    expect(wrong({})).toEqual([])
    expect(wrong({ host: 'mail.depok.go.id', security: 'starttls', user: 'noc', password: PASSWORD })).toEqual([])
  })

  test('names each thing that is wrong', () => {
    expect(wrong({ host: 'mail.depok.go.id' })).toEqual(['security'])
    expect(wrong({ port: 0 })).toEqual(['port'])
    expect(wrong({ to: '' })).toEqual(['to'])
    expect(wrong({ to: 'piket@depok.go.id, nobody' })).toEqual(['to.1'])
    expect(wrong({ from: 'noc@depok.go.id\r\nBcc: x@y.id' })).toEqual(['from'])
    expect(wrong({ user: 'noc' })).toEqual(['password'])
    expect(wrong({ charset: 'utf-8' })).toEqual([''])
  })
})
