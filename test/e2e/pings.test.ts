// Jobs that call an address when they have run: the real collector, called as cron jobs call it with curl.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { callAll } from '../support/ping-load.ts'

const DATASETS = 3
const JOBS = 7
/** As many as one job may call in a burst. */
const PINGS = 100

let data: string
let collector: TestCollector
const datasets: string[] = []
const tokens: string[] = []

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'pantau-pings-'))
  collector = await startCollector({ data })
  await untilTrue('the NOC agent', 60_000, async () => (await call(collector, 'wall')).servers[0])
  for (let index = 0; index < DATASETS; index++) {
    const { record } = await call(collector, 'createRegisterRecord', {
      body: { kind: 'dataset', title: `Data ${index}`, fields: { urgency: 'high' } },
    })
    datasets.push(record.id)
    for (let job = 0; job < JOBS; job++) tokens.push((await newJob(record.id, `malam-${job}`)).token)
  }
})

afterAll(async () => {
  await collector?.stop()
  rmSync(data, { recursive: true, force: true })
})

function newJob(datasetId: string, name: string) {
  const schedule = { kind: 'cron', expression: '0 2 * * *', timeZone: 'Asia/Jakarta' } as const
  return call(collector, 'createPingJob', { body: { datasetId, name, place: 'data-centre', schedule } })
}

async function detailsOf(datasetId: string): Promise<string[]> {
  const { runs } = await call(collector, 'backupHistory', { params: { id: datasetId }, query: { limit: 2_000 } })
  return runs.map(({ detail }) => detail)
}

const plain = (path: string, init: RequestInit = {}) => fetch(`${collector.url}/ping/${path}`, init)

describe('a job that pings', () => {
  it('is heard by GET, HEAD and POST, with steps and its last words; a token that nobody has is told nothing', async () => {
    const { job, token, url } = await newJob(datasets[0] ?? '', 'harian')
    expect(url).toBe(`${collector.url}/ping/${token}`)
    expect(job).toMatchObject({ state: 'accepted', tool: 'ping', verdict: 'unmeasured' })
    const answer = await plain(token)
    expect([answer.status, await answer.text()]).toEqual([200, 'OK'])
    expect((await plain(token, { method: 'HEAD' })).status).toBe(200)
    expect((await plain(`${token}/start`)).status).toBe(200)
    const failed = await plain(`${token}/3`, { method: 'POST', body: `${'.'.repeat(2_000_000)}pg_dump: no space left` })
    expect(failed.status).toBe(200)

    const { jobs, status } = await call(collector, 'backupDataset', { params: { id: datasets[0] ?? '' } })
    expect(jobs.find(({ id }) => id === job.id)).toMatchObject({ verdict: 'unmet', findings: [{ code: 'failed' }] })
    expect(status.lastGood?.told).toMatchObject({ jobId: job.id, from: 'run' })

    const refused = await Promise.all([
      ...[plain('pantau_ping_0000000000000000000000000000000000000000000'), plain('x'), plain(`${token}/log`)],
      ...[plain(`${token}/300`), plain(`${token.slice(0, -1)}_/start`)],
    ])
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    const bodies = await Promise.all(refused.map(one => one.text()))
    expect(new Set(bodies).size).toBe(1)

    const renewed = await call(collector, 'renewPingToken', { params: { id: job.id }, body: {} })
    expect([(await plain(token)).status, (await plain(renewed.token)).status]).toEqual([404, 200])
    expect(collector.output()).not.toContain(token)
  })

  it('two thousand pings at once are all kept while the wall goes on, and none that was answered is lost by kill -9', async () => {
    const urls = Array.from({ length: PINGS }, (_, round) =>
      tokens.map((token, index) => `${collector.url}/ping/${token}?n=r${round}-${index}`),
    ).flat()
    let done = false
    const looks: number[] = []
    const watching = (async () => {
      while (!done) looks.push((await call(collector, 'wall')).servers.length)
    })()
    const answers = await callAll(urls)
    done = true
    await watching
    expect(answers.map(({ status }) => status).filter(status => status !== 200)).toEqual([])
    // The wall was drawn again and again meanwhile, with the server beside the collector on it.
    expect(looks.length).toBeGreaterThan(2)
    expect(looks.at(-1)).toBe(1)
    const kept = (await Promise.all(datasets.map(detailsOf))).flat()
    const sent = urls.map(url => new URL(url).searchParams.get('n') ?? '')
    expect(kept.filter(detail => /^r\d/.test(detail)).sort()).toEqual(sent.sort())

    const { token } = await newJob(datasets[1] ?? '', 'dibunuh')
    const others = await Promise.all(
      Array.from({ length: 4 }, (_, index) => newJob(datasets[1] ?? '', `dibunuh-${index}`)),
    )
    const dying = [token, ...others.map(other => other.token)].flatMap((each, index) =>
      Array.from({ length: PINGS }, (_, round) => `${collector.url}/ping/${each}?n=k${round}-${index}`),
    )
    const heard: string[] = []
    await callAll(dying, {
      sockets: 20,
      onAnswer({ url, status }) {
        if (status === 200) heard.push(new URL(url).searchParams.get('n') ?? '')
        if (heard.length === 50) collector.process.kill('SIGKILL')
      },
    })
    await collector.kill()
    expect(heard.length).toBeLessThan(dying.length)
    collector = await startCollector({ data, port: collector.port })
    const after = new Set(await detailsOf(datasets[1] ?? ''))
    expect(heard.filter(one => !after.has(one))).toEqual([])
  })

  it('that calls without end is told to wait', async () => {
    const { token } = await newJob(datasets[2] ?? '', 'gila')
    const answers = await callAll(Array(300).fill(`${collector.url}/ping/${token}`), { sockets: 10 })
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(5)
    expect((await detailsOf(datasets[2] ?? '')).length).toBeGreaterThanOrEqual(PINGS)
  })
})
