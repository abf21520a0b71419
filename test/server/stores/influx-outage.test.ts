// InfluxDB is another program on another machine: it is away, it dies, it is set up wrongly, and nothing is lost by that.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createConsumer } from '../../../server/ingest/consume.ts'
import { createJournal } from '../../../server/ingest/journal.ts'
import { createStoreSamples } from '../../../server/ingest/store-samples.ts'
import { createInfluxClient } from '../../../server/stores/series/influx/influx-client.ts'
import {
  createInfluxSeriesStore,
  type InfluxSeriesStoreDeps,
} from '../../../server/stores/series/influx/influx-series-store.ts'
import { entry, seriesKey, temporaryDirectory } from '../../contract/series-store/support.ts'
import { type Influxd, startInfluxd } from '../../support/influxd.ts'
import { bodyOf, journalBatch, SUBJECT, validBatch } from '../ingest/support.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000
const { subjectId, metric } = seriesKey()
const everything = { from: 0, to: NOW + 60_000 }

let influxd: Influxd
beforeEach(async () => {
  influxd = await startInfluxd({ auth: true })
})
afterEach(() => influxd.remove())

function open(change: Partial<InfluxSeriesStoreDeps> = {}) {
  const { username, password } = influxd.administrator ?? { username: null, password: null }
  return createInfluxSeriesStore({
    url: influxd.url,
    database: 'pantau',
    username,
    password,
    now: () => NOW,
    ...change,
  })
}

describe('a store whose InfluxDB is away', () => {
  it('opens, refuses what it cannot keep, and goes on when it is back', async () => {
    await influxd.kill()
    const store = open()
    await expect(store.append([entry([[NOW, 1]])])).rejects.toMatchObject({ code: 'unavailable' })
    await expect(store.latest()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await store.check()).toMatchObject({ ok: false, problems: [{ code: 'unavailable' }] })
    await influxd.startAgain()
    expect(await store.append([entry([[NOW, 1]])])).toMatchObject({ stored: 1 })
    expect(await store.check()).toEqual({ ok: true, problems: [] })
    await store.close()
  })

  it('has every accepted batch once when it is back, also after kill -9 while it writes', {
    timeout: 60_000,
  }, async () => {
    const directory = temporaryDirectory()
    const journal = await createJournal({ directory: directory.path, consumers: ['series'] })
    const store = open()
    let stored = 0
    const failures: unknown[] = []
    const consumer = createConsumer({
      ...{ journal, name: 'series', entriesAtOnce: 7 },
      handle: createStoreSamples({
        series: store,
        subjectOf: async () => SUBJECT,
        onUnknownAgent: () => expect.unreachable(),
        onStored: report => {
          stored += report.stored
        },
      }),
      onFailure: ({ error }) => failures.push(error),
      sleep: () => new Promise(resolve => setTimeout(resolve, 20)),
    })
    consumer.start()
    const batches = 120
    for (let number = 1; number <= batches; number += 1) {
      const series = [{ kind: 'gauge' as const, metric, points: [[NOW - number * 1000, number]] as [number, number][] }]
      await journal.append(
        journalBatch(number, { sentAt: NOW, receivedAt: NOW, body: bodyOf(validBatch({ number, series })) }),
      )
      if (number === 40) await influxd.kill()
      if (number === 80) await influxd.startAgain()
      if (number === 100) {
        await influxd.kill()
        await influxd.startAgain()
      }
    }
    await consumer.whenIdle()
    const [found] = await store.raw({ subjectId: SUBJECT, metric, ...everything })
    expect(found?.samples.map(([, value]) => value).sort((a, b) => a - b)).toEqual(
      Array.from({ length: batches }, (_, index) => index + 1),
    )
    expect(failures.length).toBeGreaterThan(0)
    expect(stored).toBeLessThanOrEqual(batches)
    await consumer.stop()
    await journal.close()
    await store.close()
    directory.remove()
  })

  it('keeps the first value of an instant, also when a write failed halfway and was done all the same', async () => {
    const proxy = await lossyProxy(influxd.url)
    const store = open({ url: proxy.url })
    await store.append([entry([[NOW - 2000, 1]])])
    proxy.loseAnswers(true)
    await expect(store.append([entry([[NOW - 1000, 10]])])).rejects.toMatchObject({ code: 'unavailable' })
    proxy.loseAnswers(false)
    expect(
      await store.append([
        entry([
          [NOW - 1000, 11],
          [NOW, 12],
        ]),
      ]),
    ).toMatchObject({ stored: 1, duplicates: 1 })
    const [found] = await store.raw({ subjectId, metric, ...everything })
    expect(found?.samples.map(([, value]) => value)).toEqual([1, 10, 12])
    await store.close()
    await proxy.close()
  })

  it('that dies amid an answer is not waited for', async () => {
    const server = await listening((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{')
      setTimeout(() => response.destroy(), 50)
    })
    const client = createInfluxClient({ url: server.url, database: 'x', username: null, password: null })
    await expect(client.query('SELECT 1', 500)).rejects.toMatchObject({ code: 'unavailable' })
    await server.close()
  })
})

describe('what the store makes in InfluxDB', () => {
  const policies = async () => {
    const [rows] = await influxd.query('pantau', 'SHOW RETENTION POLICIES')
    return Object.fromEntries(
      rows?.values.map(([name, duration, , , isDefault]) => [name, [duration, isDefault]]) ?? [],
    )
  }

  it('is a database with retention policies that follow the configuration', async () => {
    const days = (count: number) => ({ retentionMs: count * 86_400_000 })
    const first = open(days(35))
    await first.append([entry([[NOW, 1]])])
    expect(await policies()).toMatchObject({ pantau_raw: ['842h0m0s', true], pantau_own: ['0s', false] })
    await first.close()
    const second = open(days(90))
    expect(await second.latest()).toHaveLength(1)
    expect(await policies()).toMatchObject({ pantau_raw: ['2162h0m0s', true] })
    expect(await second.append([entry([[NOW - 30 * 86_400_000, 1]])])).toMatchObject({ stored: 1 })
    await second.close()
    const third = open(days(1))
    const late = await third.append([
      entry([
        [NOW - 86_400_001, 1],
        [NOW - 86_400_000, 2],
      ]),
    ])
    expect(late).toMatchObject({ stored: 1, tooLate: 1 })
    await third.close()
  })

  it('is made again when somebody dropped it', async () => {
    const store = open()
    await store.append([entry([[NOW, 1]])])
    await influxd.query('', 'DROP DATABASE pantau')
    await expect(store.append([entry([[NOW + 1, 2]])])).rejects.toMatchObject({ code: 'storage-failed' })
    expect(await store.append([entry([[NOW + 1, 2]])])).toMatchObject({ stored: 1 })
    await store.close()
  })

  it('can be made by an administrator for a user who may only read and write', async () => {
    await influxd.query('', `CREATE USER budi WITH PASSWORD 'rahasia-budi'`)
    await influxd.query('', 'CREATE DATABASE pantau')
    await influxd.query('', 'GRANT ALL ON pantau TO budi')
    const store = open({ username: 'budi', password: 'rahasia-budi' })
    const lacking = await store.append([entry([[NOW, 1]])]).catch(String)
    expect(lacking).toMatch(/lacks the retention policies pantau_raw, pantau_own/)
    for (const name of ['pantau_raw', 'pantau_own']) {
      await influxd.query('', `CREATE RETENTION POLICY ${name} ON pantau DURATION INF REPLICATION 1`)
    }
    expect(await store.append([entry([[NOW, 1]])])).toMatchObject({ stored: 1 })
    expect(await store.size()).toMatchObject({ series: 1, samples: 1 })
    await store.close()
  })

  it('is refused with a wrong password, which no message repeats', async () => {
    const store = open({ password: 'salah-sekali' })
    const error = await store.append([entry([[NOW, 1]])]).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'storage-failed', message: expect.stringContaining('password') })
    const { inspect } = await import('node:util')
    expect(inspect(error, { depth: 9 })).not.toMatch(/salah-sekali|c2FsYWgtc2VrYWxp|Basic/)
    await store.close()
  })
})

type Listening = { url: string; close: () => Promise<void> }

async function listening(handler: Parameters<typeof createServer>[1]): Promise<Listening> {
  const server: Server = createServer(handler)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Passes everything on; told so, it lets writes through and loses the answers. */
async function lossyProxy(target: string): Promise<Listening & { loseAnswers: (on: boolean) => void }> {
  let losing = false
  const proxy = await listening(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { authorization = '', 'content-type': type = '' } = request.headers
    const answer = await fetch(target + request.url, {
      method: request.method ?? 'GET',
      headers: { authorization, ...(type === '' ? {} : { 'content-type': type }) },
      ...(chunks.length === 0 ? {} : { body: new Uint8Array(Buffer.concat(chunks)) }),
    })
    const text = await answer.text()
    if (losing && request.url?.startsWith('/write')) response.destroy()
    else response.writeHead(answer.status).end(text)
  })
  return {
    ...proxy,
    loseAnswers: on => {
      losing = on
    },
  }
}
