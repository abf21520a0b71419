// What a notifier lives through: kills, stops, channels that change, rows that are broken or old.
import { describe, expect, test } from 'vitest'
import { noticesOfIncident } from '../../../server/notify/delivery-queries.ts'
import { KEPT_MS, pruneNotices } from '../../../server/notify/prune.ts'
import { removeChannel } from '../../../server/notify/remove-channel.ts'
import { updateChannel } from '../../../server/notify/update-channel.ts'
import { freePort } from '../../support/free-port.ts'
import { ADMIN, eventually, openHouse } from './house.ts'
import { addHook, states } from './house-channels.ts'
import { startReceiver } from './receiver.ts'

describe('a collector that is killed', () => {
  test('in the middle of sending sends it again, by the same id, when it starts again', async () => {
    const house = await openHouse()
    let answering = false
    const receiver = await startReceiver(response => {
      if (answering) response.writeHead(204).end()
    })
    await addHook(house, receiver.url)
    const first = house.startNotifier()
    await house.openIncident({ at: house.now() - 10_000 })
    await eventually(
      () => receiver.posts.length,
      count => count === 1,
    )
    expect(await house.deliveries()).toMatchObject([{ state: 'pending', attempts: 1, settled_at: null }])
    answering = true
    house.startNotifier()
    await eventually(house.deliveries, ([row]) => row?.state === 'sent')
    expect(receiver.posts).toHaveLength(2)
    expect(receiver.posts[1]?.headers['pantau-delivery']).toBe(receiver.posts[0]?.headers['pantau-delivery'])
    // The first one lives on here, unlike one that was killed: what it learns late must not undo what is settled.
    receiver.breakOff()
    await first.stop()
    expect(await house.deliveries()).toMatchObject([{ state: 'sent', error: null }])
  })

  test('before it routed anything routes it when it starts again, once', async () => {
    const house = await openHouse()
    const receiver = await startReceiver()
    await addHook(house, receiver.url)
    await house.openIncident({ at: house.now() - 10_000 })
    house.startNotifier()
    house.startNotifier()
    await eventually(
      () => states(house),
      seen => seen.join() === 'opened sent',
    )
    expect(await house.deliveries()).toHaveLength(1)
  })

  test('asked to stop waits for what is under way', async () => {
    const house = await openHouse()
    const receiver = await startReceiver(response => setTimeout(() => response.writeHead(204).end(), 400))
    await addHook(house, receiver.url)
    const notifier = house.startNotifier()
    await house.openIncident({ at: house.now() - 10_000 })
    await eventually(
      () => receiver.posts.length,
      count => count === 1,
    )
    await notifier.stop()
    expect(await states(house)).toEqual(['opened sent'])
  })
})

describe('a channel that is changed', () => {
  test('put right, gets what waited at once', async () => {
    const house = await openHouse()
    const receiver = await startReceiver()
    const { id } = await addHook(house, `http://127.0.0.1:${await freePort()}/`)
    house.startNotifier()
    await house.openIncident({ at: house.now() - 10_000 })
    await eventually(house.deliveries, ([row]) => row?.error?.startsWith('connection refused') ?? false)
    const change = { id, name: 'Hook', kind: 'webhook', settings: { url: receiver.url }, minimumSeverity: 'low' }
    await updateChannel.perform(house.verbDeps, ADMIN, change)
    await eventually(
      () => receiver.posts.length,
      count => count === 1,
      // It would be tried again by itself after five.
      3_500,
    )
  })

  test('switched off or removed: what waited is dropped, with the reason', async () => {
    const house = await openHouse()
    const nowhere = `http://127.0.0.1:${await freePort()}/`
    const off = await addHook(house, nowhere, 'Off')
    const gone = await addHook(house, nowhere, 'Gone')
    house.startNotifier()
    const incident = await house.openIncident()
    await eventually(house.deliveries, rows => rows.length === 2)
    const change = { id: off.id, name: 'Off', kind: 'webhook', settings: {}, minimumSeverity: 'low', enabled: false }
    await updateChannel.perform(house.verbDeps, ADMIN, change)
    await removeChannel.perform(house.verbDeps, ADMIN, { id: gone.id })
    const notices = await noticesOfIncident(house.records, incident)
    expect(notices.map(({ channel, state, error }) => [channel, state, error]).sort()).toEqual([
      ['Gone', 'dropped', 'the channel was removed'],
      ['Off', 'dropped', 'the channel was switched off'],
    ])
    house.push(60_000)
    await house.resolveIncident(incident)
    await eventually(
      () => house.records.selectFrom('outbox').selectAll().where('routed_at', 'is', null).execute(),
      left => left.length === 0,
    )
    expect(await house.deliveries()).toHaveLength(2)
  })
})

test('a row that cannot be read holds nobody up, and the log wants a person', async () => {
  const house = await openHouse()
  const receiver = await startReceiver()
  await addHook(house, receiver.url)
  const broken = await house.openIncident({ at: house.now() - 20_000 })
  await house.records.updateTable('outbox').set({ incident: '{' }).where('incident_id', '=', broken).execute()
  await house.openIncident({ at: house.now() - 10_000 })
  house.startNotifier()
  await eventually(
    () => receiver.posts.length,
    count => count === 1,
  )
  expect(house.logLines).toContainEqual(
    expect.objectContaining({ level: 50, incidentId: broken, msg: 'Notice in the outbox cannot be read' }),
  )
})

test('notices older than 400 days go, what waits and what is younger stays', async () => {
  const house = await openHouse()
  const receiver = await startReceiver()
  await addHook(house, receiver.url)
  const notifier = house.startNotifier()
  await house.openIncident({ at: house.now() - 10_000 })
  await eventually(
    () => states(house),
    seen => seen.join() === 'opened sent',
  )
  await notifier.stop()
  await house.openIncident()
  expect(await pruneNotices(house.records, house.now() + KEPT_MS - 60_000)).toEqual({ deliveries: 0, outbox: 0 })
  expect(await pruneNotices(house.records, house.now() + KEPT_MS + 60_000)).toEqual({ deliveries: 1, outbox: 1 })
  const waiting = await house.records.selectFrom('outbox').select('routed_at').execute()
  expect(waiting).toEqual([{ routed_at: null }])
})
