// Clients of InfluxDB 1.x write into a running collector: their ways of saying who they are, and what they are told.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_TOKEN, call, rawCall, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'

let collector: TestCollector
let key = ''
let writerId = ''

beforeAll(async () => {
  collector = await startCollector({ settings: { nocAgent: { enabled: false } } })
  const made = await call(collector, 'createWriter', { body: { name: 'telegraf', intervalMs: 5_000, maxHosts: 3 } })
  key = made.key
  writerId = made.writer.id
})
afterAll(async () => {
  expect(await collector?.stop()).toBe(0)
  expect(collector.output()).not.toContain(key)
  collector?.cleanUp()
})

const basic = (password: string) => ({ authorization: `Basic ${btoa(`telegraf:${password}`)}` })
const write = (body: string | Buffer, headers: Record<string, string> = basic(key), query = '?precision=ms') =>
  fetch(`${collector.url}/write${query}`, { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) })
const now = () => Date.now()

async function serverCalled(name: string) {
  const { servers } = await call(collector, 'wall')
  return servers.find(server => server.name === name)
}

describe('a client of InfluxDB', () => {
  it('finds a server that answers /ping and creates a database without creating one', async () => {
    for (const method of ['GET', 'HEAD']) {
      const ping = await fetch(`${collector.url}/ping`, { method })
      expect([ping.status, ping.headers.get('x-influxdb-version')]).toEqual([204, '1.8.10'])
    }
    const created = { results: [{ statement_id: 0 }] }
    const inQuery = await fetch(`${collector.url}/query?q=CREATE+DATABASE+%22telegraf%22&u=x&p=${key}`)
    expect(await inQuery.json()).toEqual(created)
    const form = new URLSearchParams({ q: 'create database telegraf' })
    const inForm = await fetch(`${collector.url}/query`, { method: 'POST', headers: basic(key), body: form })
    expect(await inForm.json()).toEqual(created)
    const other = await fetch(`${collector.url}/query?q=DROP+DATABASE+telegraf`, { headers: basic(key) })
    expect([other.status, Object.keys((await other.json()) as object)]).toEqual([400, ['error']])
  })

  it.each([
    ['Token', () => ({ authorization: `Token ${key}` }), ''],
    ['Bearer', () => ({ authorization: `Bearer ${key}` }), ''],
    ['a password', () => basic(key), ''],
    ['u and p', () => ({}), () => `?u=telegraf&p=${key}`],
  ])('says who it is by %s', async (_, headers, query) => {
    const answer = await write('m,host=srv-01 v=1', headers(), typeof query === 'string' ? query : query())
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  })

  it.each([
    ['nothing', {}],
    ['a wrong key', basic('pantau_writer_wrong')],
    ['the token of an administrator', { authorization: `Bearer ${ADMIN_TOKEN}` }],
  ])('with %s is a stranger', async (_, headers) => {
    const answer = await write('m,host=stranger v=1', headers)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="pantau"'])
    expect(await answer.json()).toEqual({ error: 'The key of a writer is missing or unknown' })
    expect(await serverCalled('stranger')).toBeUndefined()
  })

  it('with its key can read and change nothing', async () => {
    expect((await rawCall(collector, 'wall', { token: key })).status).toBe(401)
    expect((await rawCall(collector, 'writers', { token: key })).status).toBe(401)
    expect((await rawCall(collector, 'ingest', { token: key, body: {} })).status).toBe(401)
  })

  it('brings its hosts onto the wall with all their numbers', async () => {
    const at = now()
    const lines = [0, 1, 2].map(n => `room,host=srv-02,rack=a\\ 1 temp=${20 + n},fan=${n}i,open=f ${at - 2_000 + n}`)
    expect((await write(gzipSync(lines.join('\r\n')), { ...basic(key), 'content-encoding': 'gzip' })).status).toBe(204)
    const tile = await untilTrue('srv-02 is up', 60_000, async () => {
      const server = await serverCalled('srv-02')
      return server?.state === 'up' ? server : null
    })
    expect(tile.intervalMs).toBe(5_000)
    const { metrics, agent } = await call(collector, 'server', { params: { id: tile.id } })
    expect(metrics.map(({ metric }) => metric)).toEqual(['room_fan', 'room_open', 'room_temp'])
    expect(agent?.revoked).toBe(false)
    const query = { subject: tile.id, metric: 'room_temp', from: at - 10_000, to: at + 1, stepMs: 1_000_000 }
    const range = await untilTrue('the samples are stored', 60_000, async () => {
      const { series } = await call(collector, 'range', { query: { ...query, aggregate: 'sum' } })
      return series[0]
    })
    expect(range.labels).toEqual({ rack: 'a 1' })
    expect(range.points.reduce((sum, [, value]) => sum + (value ?? 0), 0)).toBe(63)
  })

  it('is told each bad line, keeps the good ones, and may send the same again', async () => {
    const at = now()
    const body = `m,host=srv-01 v=1 ${at}\nm,host=srv-01 v=\n# fine\nm v=1\nm,host=srv-01 t="text" ${at}`
    for (let round = 0; round < 2; round += 1) {
      const answer = await write(body)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toEqual({
        error:
          'partial write: line 2: the field "v" has no value; line 4: there is no tag "host" or "hostname": nobody could ' +
          'tell which server this is about; dropped=2',
      })
    }
    const { writers } = await call(collector, 'writers')
    expect(writers[0]).toMatchObject({ keptLines: 11, refusedLines: 4, textFields: 2, hosts: 2 })
    const id = (await serverCalled('srv-01'))?.id ?? ''
    const query = { subject: id, metric: 'm_v', from: at, to: at + 1, stepMs: 1_000 }
    await untilTrue('the sample is stored', 60_000, async () => {
      const { series } = await call(collector, 'range', { query: { ...query, aggregate: 'count' } })
      return series[0]?.points.some(([, value]) => value !== null)
    })
    const { series } = await call(collector, 'range', { query: { ...query, aggregate: 'count' } })
    expect(series[0]?.points.map(([, value]) => value)).toContain(1)
  })

  it.each([
    ['an unknown unit', '?precision=fortnight', 'm,host=a v=1', 400],
    ['too much', '', 'x'.repeat(4 * 1024 * 1024 + 1), 413],
  ])('is refused %s, in the shape it knows', async (_, query, body, status) => {
    const answer = await write(body, basic(key), query)
    expect(answer.status).toBe(status)
    expect(Object.keys((await answer.json()) as object)).toEqual(['error'])
  })

  it('may not bring more hosts than it was granted', async () => {
    const answer = await write('m,host=srv-03 v=1\nm,host=srv-04 v=1')
    expect(await answer.json()).toEqual({
      error: 'partial write: line 2: this writer may have 3 hosts, and this would be one more; dropped=1',
    })
  })

  it('is refused from the moment its key is revoked, and its hosts are told as revoked', async () => {
    await call(collector, 'revokeWriter', { params: { id: writerId }, body: {} })
    const answer = await write('m,host=srv-01 v=2')
    expect([answer.status, await answer.json()]).toEqual([403, { error: 'The key of this writer was revoked' }])
    const id = (await serverCalled('srv-01'))?.id ?? ''
    expect((await call(collector, 'server', { params: { id } })).agent?.revoked).toBe(true)
  })
})
