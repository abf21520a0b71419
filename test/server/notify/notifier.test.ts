// The stages together, on a real database, a real mail server and a real HTTP receiver.
import { describe, expect, test } from 'vitest'
import { createChannel } from '../../../server/notify/create-channel.ts'
import { noticesOfIncident } from '../../../server/notify/delivery-queries.ts'
import { SETTLING_MS } from '../../../server/notify/route.ts'
import { startMailServer } from '../../support/mail-server.ts'
import { ADMIN, atEnd, eventually, openHouse } from './house.ts'
import { addHook, addMail, mailTo, SECRET, states } from './house-channels.ts'
import { startReceiver } from './receiver.ts'
import { startSmtpScript } from './smtp-script.ts'

async function startMailbox() {
  const server = await startMailServer()
  atEnd(() => server.remove())
  return server
}

describe('a mailbox', () => {
  test('learns of an incident after the settling time, and of its end in the same thread', async () => {
    const house = await openHouse()
    const mailbox = await startMailbox()
    await addMail(house, mailbox.port)
    house.startNotifier()
    const openedAt = Date.now()
    const incident = await house.openIncident()
    const [opened] = await eventually(mailbox.messages, mails => mails.length === 1)
    expect(Date.now() - openedAt).toBeGreaterThanOrEqual(SETTLING_MS)
    expect(opened?.subject).toBe('[Pantau][KRITIS] Disk hampir penuh: srv-01 /srv (97 %)')

    await house.resolveIncident(incident)
    const mails = await eventually(mailbox.messages, seen => seen.length === 2)
    const resolved = mails.find(mail => mail.subject.includes('PULIH'))
    expect(resolved?.headers['in-reply-to']).toBe(opened?.headers['message-id'])

    await eventually(
      () => states(house),
      seen => seen.join() === 'opened sent,resolved sent',
    )
    expect(await noticesOfIncident(house.records, incident)).toMatchObject([
      { channel: 'Piket', event: 'opened', state: 'sent', attempts: 1, error: null },
      { channel: 'Piket', event: 'resolved', state: 'sent', attempts: 1, error: null },
    ])
    expect(house.changes.since(0).changes).toContainEqual({
      kind: 'incident',
      id: incident,
      subjectId: house.subject.id,
    })
  })

  test('hears nothing of what healed by itself within the settling time; the record says why', async () => {
    const house = await openHouse()
    const receiver = await startReceiver()
    await addHook(house, receiver.url)
    house.startNotifier()
    const incident = await house.openIncident()
    await house.resolveIncident(incident)
    await eventually(
      () => states(house),
      seen => seen.join() === 'opened dropped,resolved dropped',
    )
    house.push(60_000)
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(receiver.posts).toEqual([])
    const [notice] = await noticesOfIncident(house.records, incident)
    expect(notice?.error).toContain('settling time')
  })

  test('whose server dies in the middle of a message gets it once the server is back', async () => {
    const house = await openHouse()
    const mailbox = await startMailbox()
    await mailbox.stop()
    const dying = await startSmtpScript({ answer: line => (line === '.' ? null : undefined) }, mailbox.port)
    await addMail(house, mailbox.port)
    house.startNotifier()
    const incident = await house.openIncident()
    house.push(SETTLING_MS)
    await eventually(house.deliveries, ([row]) => row?.error?.startsWith('connection broken') ?? false)
    await dying.stop()

    house.push(6_000)
    await eventually(house.deliveries, ([row]) => row?.error?.startsWith('connection refused') ?? false)
    await mailbox.startAgain()
    expect(await mailbox.messages()).toEqual([])
    house.push(20_000)
    const mails = await eventually(mailbox.messages, seen => seen.length > 0)
    expect(mails.map(mail => mail.headers['pantau-delivery'])).toEqual([(await house.deliveries())[0]?.id])
    await eventually(house.deliveries, ([row]) => row?.state === 'sent')
    expect(await noticesOfIncident(house.records, incident)).toMatchObject([
      { state: 'sent', attempts: 3, error: null },
    ])
  })

  test('that refuses one of two for a while: the other does not get the mail again', async () => {
    const house = await openHouse()
    let greylisting = true
    const { port, lines } = await startSmtpScript({
      answer: line => (greylisting && line.startsWith('RCPT TO:<kadis') ? '451 later' : undefined),
    })
    const settings = { ...mailTo(port), to: 'piket@depok.go.id, kadis@depok.go.id' }
    await createChannel.perform(house.verbDeps, ADMIN, { name: 'P', kind: 'email', settings, minimumSeverity: 'low' })
    house.startNotifier()
    await house.openIncident()
    house.push(SETTLING_MS)
    await eventually(house.deliveries, ([row]) => row?.remaining === '["kadis@depok.go.id"]')
    greylisting = false
    house.push(6_000)
    await eventually(house.deliveries, ([row]) => row?.state === 'sent')
    const told = lines.filter(line => line.startsWith('RCPT')).map(line => line.slice(9, -1))
    expect(told).toEqual(['piket@depok.go.id', 'kadis@depok.go.id', 'kadis@depok.go.id'])
  })
})

describe('the end is told only after the beginning', () => {
  test('while the opening waits for a dead receiver its resolution waits too; both come in order', async () => {
    const house = await openHouse()
    let dead = true
    const receiver = await startReceiver(response => response.writeHead(dead ? 500 : 204).end())
    await addHook(house, receiver.url)
    house.startNotifier()
    const incident = await house.openIncident({ at: house.now() - 60_000 })
    await eventually(house.deliveries, ([row]) => row?.attempts === 1 && row.error !== null)
    await house.resolveIncident(incident)
    await eventually(
      () => states(house),
      seen => seen.join() === 'opened pending,resolved pending',
    )
    house.push(3_000)
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(receiver.posts.map(post => JSON.parse(post.body).event)).toEqual(['opened'])
    dead = false
    house.push(6_000)
    await eventually(
      () => states(house),
      seen => seen.join() === 'opened sent,resolved sent',
    )
    expect(receiver.posts.map(post => JSON.parse(post.body).event)).toEqual(['opened', 'opened', 'resolved'])
    expect(new Set(receiver.posts.slice(0, 2).map(post => post.headers['pantau-delivery'])).size).toBe(1)
  })

  test('when the opening is refused for good, its end is not told, and the log wants a person', async () => {
    const house = await openHouse()
    const receiver = await startReceiver(response => response.writeHead(410).end())
    await addHook(house, receiver.url)
    house.startNotifier()
    const incident = await house.openIncident({ at: house.now() - 60_000 })
    await house.resolveIncident(incident)
    await eventually(
      () => states(house),
      seen => seen.join() === 'opened failed,resolved dropped',
    )
    expect(receiver.posts).toHaveLength(1)
    const cry = house.logLines.find(line => line.level === 50)
    expect(cry).toMatchObject({ msg: 'Notice could not be delivered and is given up' })
    expect(JSON.stringify(house.logLines)).not.toContain(SECRET)
  })
})

test('a storm of 300 is twenty messages and digests; every incident is told, none twice', async () => {
  const house = await openHouse()
  const receiver = await startReceiver()
  await addHook(house, receiver.url)
  for (let count = 0; count < 300; count += 1) await house.openIncident({ at: house.now() - 10_000 })
  house.startNotifier()
  await eventually(
    () => receiver.posts.length,
    count => count === 20,
  )
  await eventually(
    () => states(house),
    seen => seen.filter(state => state === 'opened sent').length === 20,
  )
  house.push(30_000)
  await eventually(
    () => receiver.posts.length,
    count => count === 21,
  )
  await eventually(
    () => states(house),
    seen => seen.filter(state => state === 'opened sent').length === 220,
  )
  house.push(61_000)
  await eventually(
    () => states(house),
    seen => seen.filter(state => state === 'opened sent').length === 300,
  )
  const bodies = receiver.posts.map(post => JSON.parse(post.body))
  expect(bodies.map(body => body.event)).toEqual([...Array(20).fill('opened'), 'digest', 'digest'])
  const told = bodies
    .flatMap(body => (body.event === 'digest' ? body.notices : [body]))
    .map(notice => notice.incident.id)
  expect(told).toHaveLength(300)
  expect(new Set(told).size).toBe(300)
  const [digested] = (await house.deliveries()).filter(row => row.digest_id !== null)
  expect(digested).toMatchObject({ state: 'sent', error: expect.stringMatching(/told in one digest with \d+ others/) })
})

test('two that hang do not hold up a third', async () => {
  const house = await openHouse()
  const hanging = await startReceiver(() => undefined)
  const quick = await startReceiver()
  await addHook(house, hanging.url, 'Hanging')
  await addHook(house, quick.url, 'Quick')
  house.startNotifier({ sendDeadlineMs: 5_000 })
  for (let count = 0; count < 6; count += 1) await house.openIncident({ at: house.now() - 10_000 })
  await eventually(
    () => quick.posts.length,
    count => count === 6,
  )
  expect(hanging.posts).toHaveLength(2)
  expect((await house.deliveries()).filter(row => row.error !== null)).toEqual([])
  const late = await eventually(house.deliveries, rows => rows.some(row => row.error !== null))
  expect(late.find(row => row.error !== null)).toMatchObject({ state: 'pending', error: 'no answer within 5 s' })
})
