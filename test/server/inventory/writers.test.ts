import { describe, expect, it } from 'vitest'
import { createWriterKeys, writerKeyOf } from '../../../server/access/writer-keys.ts'
import { createWriter } from '../../../server/inventory/create-writer.ts'
import { revokeWriter } from '../../../server/inventory/revoke-writer.ts'
import { createRoster } from '../../../server/inventory/roster.ts'
import { createWriterHosts } from '../../../server/inventory/writer-hosts.ts'
import { listWriters } from '../../../server/inventory/writer-queries.ts'
import { openCity, problem, refusal } from '../access/city.ts'

const NOTHING = { keptLines: 0, refusedLines: 0, textFields: 0, lastRefusal: null }

async function openWriters() {
  const city = await openCity()
  const { actor } = await city.setUp()
  const writerKeys = createWriterKeys(city)
  const roster = await createRoster(city)
  const hosts = createWriterHosts({ ...city, roster })
  const deps = { ...city.deps, writerKeys }
  const create = (input: object) => createWriter.perform(deps, actor, input)
  const list = () => listWriters({ records: city.records, writerActivity: () => NOTHING })
  return { ...city, actor, writerKeys, roster, hosts, deps, create, list }
}

describe('a writer', () => {
  it('is made with a key that is told once and kept as a hash', async () => {
    const city = await openWriters()
    const { key, id } = await city.create({ name: 'icinga', intervalMs: 300_000, maxHosts: 40 })
    expect(key).toMatch(/^pantau_writer_/)
    expect(await city.writerKeys.find(key)).toEqual({
      ...{ id, name: 'icinga', intervalMs: 300_000, maxHosts: 40, revoked: false },
    })
    expect(await city.writerKeys.find(`${key}x`)).toBeNull()
    const written = JSON.stringify(await city.records.selectFrom('audit').selectAll().execute())
    expect(written).toContain('writer.create')
    expect(written + JSON.stringify(await city.list()) + city.logLines.join()).not.toContain(key)
  })

  it('has a name of its own, free again after it was revoked', async () => {
    const city = await openWriters()
    const { id } = await city.create({ name: 'icinga' })
    expect(await refusal(city.create({ name: 'icinga' }))).toBe('name-taken')
    await revokeWriter.perform(city.deps, city.actor, { id })
    city.clock.at += 1000
    await city.create({ name: 'icinga' })
    expect((await city.list()).map(({ name, revokedAt }) => [name, revokedAt === null])).toEqual([
      ['icinga', true],
      ['icinga', false],
    ])
  })

  it('is revoked together with what it spoke for, from memory too', async () => {
    const city = await openWriters()
    const { key, id } = await city.create({ name: 'icinga' })
    const identity = await city.writerKeys.find(key)
    if (identity === null) throw new Error('the key is not known')
    await city.hosts.find(identity, 'srv-01', 'icinga2')
    expect((await city.list())[0]).toMatchObject({ hosts: 1, revokedAt: null })

    await revokeWriter.perform(city.deps, city.actor, { id })
    expect(await city.writerKeys.find(key)).toMatchObject({ revoked: true })
    expect((await city.records.selectFrom('agent').selectAll().execute())[0]?.revoked_at).toBe(city.clock.at)
    expect((await problem(revokeWriter.perform(city.deps, city.actor, { id }))).code).toBe('wrong-state')
    expect(await city.auditActions()).toEqual(['user.set-up', 'writer.create', 'writer.host', 'writer.revoke'])
  })

  it('is no matter for operators and viewers', async () => {
    const city = await openWriters()
    const { actor } = await city.addUser(city.actor, 'budi', 'operator')
    expect(await refusal(createWriter.perform(city.deps, actor, { name: 'x' }))).toBe('forbidden')
  })
})

describe('the key of a request', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

  it.each([
    ['Token KEY', 'KEY'],
    ['token telegraf:KEY', 'KEY'],
    ['Bearer KEY', 'KEY'],
    [basic('telegraf:KEY'), 'KEY'],
    [basic(':KEY'), 'KEY'],
    [basic('a:b:c'), 'b:c'],
    ['Token ', null],
    ['KEY', null],
    ['Digest KEY', null],
    [basic('telegraf:'), null],
    [basic('telegraf:schl\u00fcssel'), null],
  ])('%s', (authorization, key) => {
    expect(writerKeyOf({ authorization, password: 'OTHER' })).toBe(key)
  })

  it('may stand in the query where there is no header', () => {
    expect(writerKeyOf({ authorization: undefined, password: 'KEY' })).toBe('KEY')
    expect(writerKeyOf({ authorization: undefined, password: ['KEY', 'KEY'] })).toBeNull()
    expect(writerKeyOf({ authorization: undefined, password: undefined })).toBeNull()
  })
})
