import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { channelKindView, channelView } from '../../../protocol/settings-views.ts'
import { listChannelKinds, listChannels, readChannel } from '../../../server/notify/channel-queries.ts'
import { readChannelRow, valuesOf } from '../../../server/notify/channel-rows.ts'
import { mergeValues } from '../../../server/notify/channels/field-values.ts'
import { CHANNELS } from '../../../server/notify/channels/registry.ts'
import { createChannel } from '../../../server/notify/create-channel.ts'
import { removeChannel } from '../../../server/notify/remove-channel.ts'
import { testChannel } from '../../../server/notify/test-channel.ts'
import { updateChannel } from '../../../server/notify/update-channel.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { freePort } from '../../support/free-port.ts'
import { ADMIN, type House, openHouse, operator } from './house.ts'
import { startReceiver } from './receiver.ts'
import { startSmtpScript } from './smtp-script.ts'

const PASSWORD = 'kopi tubruk tanpa gula'
const MAIL = {
  name: 'Piket',
  kind: 'email',
  settings: {
    host: 'mail.depok.go.id',
    port: '587',
    user: 'noc',
    password: PASSWORD,
    from: 'noc@depok.go.id',
    to: 'piket@depok.go.id;kadis@depok.go.id',
  },
}

async function problemOf(doing: Promise<unknown>): Promise<ProblemError> {
  const error = await doing.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof ProblemError)) throw new Error(`expected a ProblemError, got ${String(error)}`)
  expect(JSON.stringify([error.message, error.detail, error.issues])).not.toContain(PASSWORD)
  return error
}

const audit = (house: House) => house.records.selectFrom('audit').selectAll().orderBy('seq').execute()
const create = (house: House, input: object) => createChannel.perform(house.verbDeps, ADMIN, input)
const update = (house: House, input: object) => updateChannel.perform(house.verbDeps, ADMIN, input)
async function valuesKept(house: House, id: string) {
  const row = await readChannelRow(house.records, id)
  if (row === null) throw new Error('the channel is gone')
  return valuesOf(house.vault, row)
}

test('a channel is made with its defaults, shown without its secret, and kept sealed', async () => {
  const house = await openHouse()
  const { id } = await create(house, MAIL)
  const view = await readChannel(house, id)
  expect(channelView.parse(view)).toEqual({
    id,
    name: 'Piket',
    kind: 'email',
    settings: {
      host: 'mail.depok.go.id',
      port: 587,
      user: 'noc',
      from: 'noc@depok.go.id',
      to: 'piket@depok.go.id, kadis@depok.go.id',
      security: 'starttls',
      language: 'id',
    },
    secretsSet: ['password'],
    minimumSeverity: 'high',
    enabled: true,
    lastDelivery: null,
  })
  expect((await valuesKept(house, id)).password).toBe(PASSWORD)
  expect(JSON.stringify(await audit(house))).not.toContain(PASSWORD)
  for (const file of ['records.db', 'records.db-wal'])
    expect(readFileSync(join(house.directory, file)).includes(PASSWORD)).toBe(false)
})

describe('refused, with the place', () => {
  test('an unknown kind, an unknown field, a bad value', async () => {
    const house = await openHouse()
    const places = async (input: object) => {
      const problem = await problemOf(create(house, input))
      expect(problem.code).toBe('bad-request')
      return problem.issues.map(({ path }) => path)
    }
    expect(await places({ ...MAIL, kind: 'pigeon' })).toEqual(['kind'])
    expect(await places({ ...MAIL, settings: { ...MAIL.settings, port: 99_999 } })).toEqual(['settings.port'])
    expect(await places({ ...MAIL, settings: { ...MAIL.settings, colour: 'red' } })).toEqual(['settings'])
    expect(await places({ ...MAIL, settings: { ...MAIL.settings, security: 'none' } })).toEqual(['settings.security'])
    expect(await listChannels(house)).toEqual([])
    expect(await audit(house)).toEqual([])
  })

  test('a name that is in use; it is free again once that channel is removed', async () => {
    const house = await openHouse()
    const { id } = await create(house, MAIL)
    expect((await problemOf(create(house, MAIL))).code).toBe('name-taken')
    await removeChannel.perform(house.verbDeps, ADMIN, { id })
    await create(house, MAIL)
    expect((await problemOf(removeChannel.perform(house.verbDeps, ADMIN, { id }))).code).toBe('not-found')
  })

  test('a person without the permission', async () => {
    const house = await openHouse()
    const viewer = operator(['read', 'incidents:write'])
    const { id } = await create(house, MAIL)
    for (const verb of [createChannel, updateChannel, removeChannel, testChannel])
      expect((await problemOf(verb.perform(house.verbDeps, viewer, { id, ...MAIL }))).code).toBe('forbidden')
  })
})

describe('changing a channel', () => {
  test('keeps the secret that is left out, and takes away what is emptied', async () => {
    const house = await openHouse()
    const { id } = await create(house, MAIL)
    await update(house, { ...MAIL, id, name: 'Piket 2', settings: { to: 'piket@depok.go.id' } })
    expect(await valuesKept(house, id)).toMatchObject({ password: PASSWORD, user: 'noc', to: 'piket@depok.go.id' })
    await update(house, { ...MAIL, id, settings: { user: '', password: '' } })
    const kept = await valuesKept(house, id)
    expect(kept.user).toBeUndefined()
    expect((await readChannel(house, id)).secretsSet).toEqual([])
    expect((await audit(house)).map(entry => entry.action)).toEqual([
      'channel.create',
      'channel.update',
      'channel.update',
    ])
  })

  test('to another host wants the password again: a kept one must not be lured away', async () => {
    const house = await openHouse()
    const { id } = await create(house, MAIL)
    const moved = { ...MAIL, id, settings: { host: 'mail.thief.example' } }
    const problem = await problemOf(update(house, moved))
    expect(problem.issues).toEqual([
      { path: 'settings.password', message: 'must be entered again because host changed', code: 'enter-again' },
    ])
    await update(house, { ...moved, settings: { ...moved.settings, password: 'another one for there' } })
    expect(await valuesKept(house, id)).toMatchObject({ host: 'mail.thief.example', password: 'another one for there' })
  })

  test('never changes its kind', async () => {
    const house = await openHouse()
    const { id } = await create(house, MAIL)
    expect((await problemOf(update(house, { ...MAIL, id, kind: 'webhook' }))).code).toBe('wrong-state')
  })
})

describe('testing a channel', () => {
  test('sends a real message now', async () => {
    const house = await openHouse()
    const receiver = await startReceiver()
    const settings = { url: `${receiver.url}/token-in-path`, secret: 'rahasia-bersama-0123456789' }
    const { id } = await create(house, { name: 'Hook', kind: 'webhook', settings, enabled: false })
    await testChannel.perform(house.verbDeps, ADMIN, { id })
    expect(JSON.parse(receiver.posts[0]?.body ?? '')).toMatchObject({ event: 'test', place: 'Kota Depok' })
    const entries = await audit(house)
    expect(entries.map(entry => entry.action)).toEqual(['channel.create', 'channel.test'])
    expect(JSON.stringify(entries)).not.toContain('token-in-path')
  })

  test('says plainly what is wrong, never the password', async () => {
    const house = await openHouse()
    const port = await freePort()
    const local = { ...MAIL.settings, host: '127.0.0.1', security: 'none', port }
    const { id } = await create(house, { ...MAIL, settings: local })
    const refused = await problemOf(testChannel.perform(house.verbDeps, ADMIN, { id }))
    expect([refused.code, refused.detail]).toEqual(['channel-failed', `connection refused at 127.0.0.1:${port}`])

    await startSmtpScript(
      { offers: ['AUTH PLAIN'], answer: line => (line.startsWith('AUTH') ? `535 no: ${PASSWORD}` : undefined) },
      port,
    )
    const login = await problemOf(testChannel.perform(house.verbDeps, ADMIN, { id }))
    expect(login.detail).toBe(`login refused by 127.0.0.1:${port}`)
  })

  test('does not wait for ever', async () => {
    const house = await openHouse()
    const { port } = await startSmtpScript({ answer: () => '' })
    const local = { ...MAIL.settings, host: '127.0.0.1', security: 'none', port }
    const { id } = await create(house, { ...MAIL, settings: local })
    const late = testChannel.perform({ ...house.verbDeps, testDeadlineMs: 300 }, ADMIN, { id })
    expect((await problemOf(late)).detail).toBe('no answer within 0.3 s')
  })
})

describe('each kind of channel', () => {
  test('describes itself as the protocol wants it, in both languages', () => {
    for (const kind of listChannelKinds()) {
      expect(channelKindView.parse(kind)).toEqual(kind)
      for (const field of kind.fields) expect(field.type === 'choice').toBe(field.choices !== undefined)
    }
    expect(listChannelKinds().map(({ kind }) => kind)).toEqual(['email', 'webhook'])
  })

  test('checks exactly the fields that it draws', () => {
    for (const kind of CHANNELS) {
      const required = kind.fields.filter(field => field.required && field.default === null).map(({ name }) => name)
      const complaints = kind.check(mergeValues(kind.fields, {}, {})).map(({ path }) => path)
      expect(new Set(complaints)).toEqual(new Set(required))
      expect(
        kind
          .check({ ...Object.fromEntries(kind.fields.map(({ name }) => [name, ''])) })
          .map(({ message }) => message)
          .join(),
      ).not.toContain('nrecognized')
      expect(
        kind
          .check({ surprise: 1 })
          .map(({ message }) => message)
          .join(),
      ).toContain('surprise')
    }
  })
})
