import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { openSpool, type Spool } from '../../../agent/spool/spool.ts'
import { createHttpClient } from '../../../agent/uplink/http-client.ts'
import { startUplink } from '../../../agent/uplink/uplink.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { ENROLLED, startRecordingCollector } from '../support/recording-collector.ts'
import { scratchDirectory } from '../support/scratch.ts'

const INTERVAL_MS = 10_000

async function openTestSpool(): Promise<{
  spool: Spool
  directory: string
  add: (ageMs?: number, count?: number) => Promise<void>
}> {
  const directory = scratchDirectory()
  const { log } = createMemoryLog()
  const spool = await openSpool({ directory, clock: systemClock, log, limitBytes: 64 * 1024 * 1024, memoryBatches: 10 })
  onTestFinished(() => spool.close())
  return {
    spool,
    directory,
    async add(ageMs = 0, count = 1) {
      const atMs = Date.now() - ageMs
      const series = Array.from({ length: 120 }, (_, index) => ({
        kind: 'gauge',
        metric: `m${index}`,
        points: [[atMs, index]],
      }))
      const origin = { wire: 1, agentVersion: 'test', spool: spool.id, intervalMs: INTERVAL_MS }
      for (let index = 0; index < count; index += 1) {
        await spool.append(atMs, number => JSON.stringify({ ...origin, number, series }))
      }
    },
  }
}

function connect(url: string, spool: Spool, options: { key?: string; longestBackOffMs?: number } = {}) {
  const { log, lines, messages } = createMemoryLog()
  const client = createHttpClient({ collector: new URL(url) })
  const uplink = startUplink({
    spool,
    post: client.post,
    key: options.key ?? ENROLLED.key,
    userAgent: 'pantau-agent/test',
    longestBackOffMs: options.longestBackOffMs ?? 1_000,
    clock: systemClock,
    log,
    random: () => 0,
  })
  onTestFinished(async () => {
    await uplink.stop(100)
    client.close()
  })
  return { uplink, lines, messages }
}

describe('the uplink', () => {
  it('delivers byte for byte, what waited beside what is new, and says when it sent', async () => {
    const collector = await startRecordingCollector()
    const { spool, add } = await openTestSpool()
    await add(3_600_000, 2)
    await add(0, 3)
    const body = (await spool.next())?.body.toString()
    const { uplink } = connect(collector.url, spool)
    await eventually('five batches', () => collector.acknowledged.length === 5)
    await add()
    uplink.wake()
    await eventually('a sixth', () => collector.acknowledged.length === 6)
    const inLane = (lane: string) => collector.acknowledged.filter(({ headers }) => headers['pantau-lane'] === lane)
    expect(inLane('catchup').map(({ batch }) => batch.number)).toEqual([1, 2])
    expect(inLane('fresh').map(({ batch }) => batch.number)).toEqual([3, 4, 5, 6])
    const [old, fresh] = [inLane('catchup')[0], inLane('fresh')[0]]
    expect(old?.bodyText).toBe(body)
    expect([old?.headers['content-encoding'], fresh?.headers['content-encoding']]).toEqual(['gzip', undefined])
    expect(old?.headers['user-agent']).toBe('pantau-agent/test')
    expect(Math.abs(Number(old?.headers['pantau-sent-at']) - Date.now())).toBeLessThan(60_000)
    await eventually('an empty spool', () => spool.stats().batches === 0)
    expect(Math.abs(uplink.skewMs() ?? Number.NaN)).toBeLessThan(20_000)
  })

  it('sends the newest first when the collector is back, and only then what had to wait', async () => {
    const collector = await startRecordingCollector()
    const { spool, add } = await openTestSpool()
    let asked = 0
    let away = true
    collector.refuse(() => {
      asked += 1
      return away ? { code: 'unavailable' } : undefined
    })
    await add(0, 1)
    const { uplink } = connect(collector.url, spool, { longestBackOffMs: 300 })
    await eventually('a first try', () => asked > 0)
    await add(0, 40)
    uplink.wake()
    await eventually('more tries', () => asked > 3)
    away = false
    await eventually('all', () => collector.acknowledged.length === 41)
    const numbers = collector.acknowledged.map(({ batch }) => batch.number)
    expect(numbers[0]).toBe(39)
    expect(numbers.indexOf(41)).toBeLessThan(10)
    expect(numbers.filter(number => number < 39)).toEqual(Array.from({ length: 38 }, (_, index) => index + 1))
  })

  it('keeps everything while the collector is away, says so once, and delivers when it is back', async () => {
    const gone = await startRecordingCollector()
    await gone.close()
    const { spool, add } = await openTestSpool()
    await add(0, 5)
    const { lines, messages } = connect(gone.url, spool)
    await eventually('a warning', () => lines.length > 0)
    expect(lines[0]?.fields.problem).toContain('ECONNREFUSED')
    const back = await startRecordingCollector(gone.port)
    await eventually('all five', () => back.acknowledged.length === 5)
    expect(messages()).toEqual([
      'collector takes nothing, keeping everything in the spool',
      'collector takes batches again',
    ])
  })

  it('waits as long as Retry-After says, also when new batches come', async () => {
    const collector = await startRecordingCollector()
    const { spool, add } = await openTestSpool()
    let asked = 0
    collector.refuse(() => {
      asked += 1
      return asked === 1 ? { code: 'too-many-requests', headers: { 'retry-after': '2' } } : undefined
    })
    await add()
    const startMs = performance.now()
    const { uplink } = connect(collector.url, spool)
    await eventually('the first question', () => asked === 1)
    await add()
    uplink.wake()
    await eventually('both', () => collector.acknowledged.length === 2)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(1_950)
  })

  it('puts a poisoned batch aside, so that the ones behind it get through', async () => {
    const collector = await startRecordingCollector()
    const { spool, directory, add } = await openTestSpool()
    collector.refuse(batch => (batch?.number === 2 ? { code: 'bad-batch', detail: 'series.3 is wrong' } : undefined))
    await add(0, 3)
    const { lines } = connect(collector.url, spool)
    await eventually('the third', () => collector.acknowledged.length === 2 && spool.stats().batches === 0)
    expect(collector.acknowledged.map(({ batch }) => batch.number)).toEqual([1, 3])
    expect(spool.stats().rejected).toBe(1)
    expect(readdirSync(join(directory, 'rejected'))).toHaveLength(2)
    const line = lines.find(({ level }) => level === 'error')
    expect(line?.fields).toMatchObject({ number: 2, problem: expect.stringContaining('series.3 is wrong') })
  })

  it('keeps everything when its key was revoked, and says clearly that a person must act', async () => {
    const collector = await startRecordingCollector()
    const { spool, add, directory } = await openTestSpool()
    collector.refuse(() => ({ code: 'agent-revoked' }))
    await add(0, 2)
    const { lines } = connect(collector.url, spool)
    await eventually('an error', () => lines.some(({ level }) => level === 'error'))
    expect(lines[0]?.message).toContain('collector refuses this agent')
    expect(lines[0]?.fields.problem).toContain('agent-revoked')
    expect(spool.stats()).toMatchObject({ batches: 2, rejected: 0, dropped: 0 })
    expect(existsSync(join(directory, 'rejected'))).toBe(false)
    expect(JSON.stringify(lines)).not.toContain(ENROLLED.key)
  })

  it('does not take for a collector what only talks like a web server, or cuts the line', async () => {
    for (const answer of [
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
      'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{',
      'hello',
    ]) {
      const server = createServer(socket => {
        socket.on('error', () => {})
        socket.once('data', () => socket.end(answer))
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('no port')
      const { spool, add } = await openTestSpool()
      await add()
      const { lines } = connect(`http://127.0.0.1:${address.port}`, spool)
      await eventually('a warning', () => lines.some(({ level }) => level === 'warn'))
      expect(spool.stats().batches).toBe(1)
    }
  })

  it('delivers what is there when it is told to stop, and does not wait for a dead collector', async () => {
    const collector = await startRecordingCollector()
    const { spool, add } = await openTestSpool()
    const { uplink } = connect(collector.url, spool)
    await add(0, 20)
    await uplink.stop(2_000)
    expect(collector.acknowledged).toHaveLength(20)

    const silent = createServer(() => {})
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const address = silent.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    await add(0, 1)
    const second = connect(`http://127.0.0.1:${address.port}`, spool)
    const startMs = performance.now()
    await second.uplink.stop(300)
    // An answer would be waited for 15 s.
    expect(performance.now() - startMs).toBeLessThan(10_000)
    expect(spool.stats().batches).toBe(1)
  })
})
