import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '../../agent/platform/clock.ts'
import { encodeBatches } from '../../agent/spool/batch-body.ts'
import { openSpool, type Spool } from '../../agent/spool/spool.ts'
import { createHttpClient } from '../../agent/uplink/http-client.ts'
import { startUplink } from '../../agent/uplink/uplink.ts'
import { eventually } from '../agent/support/eventually.ts'
import { createMemoryLog } from '../agent/support/memory-log.ts'
import { ENROLLED, startRecordingCollector } from '../agent/support/recording-collector.ts'
import { requireRoot } from '../agent/support/require-root.ts'
import { scratchDirectory } from '../agent/support/scratch.ts'

const INTERVAL_MS = 10_000
const DAY_MS = 86_400_000

function createClock() {
  let [nowMs, monotonicMs] = [Date.parse('2026-11-01T00:00:00Z'), 0]
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => monotonicMs }
  return {
    clock,
    pass(ms: number) {
      nowMs += ms
      monotonicMs += ms
    },
    /** Someone sets the clock; nothing else goes on. */
    jump(ms: number) {
      nowMs += ms
    },
  }
}

/** A tick as large as that of an ordinary server. */
async function tick(spool: Spool, clock: Clock): Promise<void> {
  const atMs = clock.nowMs()
  const gauges = Array.from({ length: 100 }, (_, index) => ({ metric: `figure_${index}`, value: index + atMs }))
  const origin = { agentVersion: 'test', intervalMs: INTERVAL_MS }
  for (const encode of encodeBatches(origin, { atMs, gauges, deltas: [], facts: [] }, [])) {
    await spool.append(atMs, encode)
  }
}

/** Remembers numbers and lanes only: 120,000 batches of 8 KB, read whole, are gigabytes. */
async function startCountingCollector() {
  const delivered: { number: number; lane: string }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8')
      const number = Number(/"number":(\d+)/.exec(body)?.[1])
      delivered.push({ number, lane: String(request.headers['pantau-lane']) })
      response.end(JSON.stringify({ acknowledged: number, duplicate: false, receivedAt: 0 }))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, delivered }
}

/** In memory: 120,960 ticks wait for the disk as often, which is another test's. */
function memoryDirectory(): string {
  const path = mkdtempSync('/dev/shm/pantau-agent-')
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const uplinkOf = (url: string, spool: Spool, clock: Clock) => {
  const client = createHttpClient({ collector: new URL(url) })
  const uplink = startUplink({
    ...{ spool, post: client.post, key: ENROLLED.key, userAgent: 'test', longestBackOffMs: 200, clock },
    log: createMemoryLog().log,
  })
  onTestFinished(async () => {
    await uplink.stop(100)
    client.close()
  })
  return uplink
}

describe('an agent without its collector', () => {
  it('for 14 days keeps every tick, and delivers the newest first when it is back, each once', async () => {
    const { clock, pass } = createClock()
    const deps = { directory: memoryDirectory(), clock, log: createMemoryLog().log, memoryBatches: 10 }
    const spool = await openSpool({ ...deps, limitBytes: 2 * 1024 ** 3 })
    const ticks = (14 * DAY_MS) / INTERVAL_MS
    for (let count = 0; count < ticks; count += 1) {
      pass(INTERVAL_MS)
      await tick(spool, clock)
    }
    expect(spool.stats()).toMatchObject({ batches: ticks, dropped: 0 })
    expect(spool.stats().secondsLeft).toBeGreaterThan(86_400)
    const spooledMs = performance.now()
    const collector = await startCountingCollector()
    const uplink = uplinkOf(collector.url, spool, clock)
    await eventually('all of it', () => collector.delivered.length >= ticks, 30 * 60_000)
    const inLane = (wanted: string) =>
      collector.delivered.filter(({ lane }) => lane === wanted).map(({ number }) => number)
    // The newest go ahead of what waited, and those in their order: each of them once.
    expect(collector.delivered.slice(0, 8).map(({ number }) => number)).toContain(ticks)
    expect(inLane('fresh')).toEqual([ticks - 2, ticks - 1, ticks])
    expect(inLane('catchup')).toEqual(Array.from({ length: ticks - 3 }, (_, index) => index + 1))
    await uplink.stop(1_000)
    expect(spool.stats()).toMatchObject({ batches: 0, dropped: 0 })
    await spool.close()
    console.log(`${ticks} ticks delivered in ${Math.round((performance.now() - spooledMs) / 1000)} s`)
  }, 3_600_000)

  it('drops only the oldest when its room is used up, and counts each of them', async () => {
    const { clock, pass } = createClock()
    const deps = { directory: scratchDirectory(), clock, log: createMemoryLog().log, memoryBatches: 10 }
    const spool = await openSpool({ ...deps, limitBytes: 4 * 1024 * 1024 })
    for (let count = 0; count < 5_000; count += 1) {
      pass(INTERVAL_MS)
      await tick(spool, clock)
    }
    const { batches, dropped } = spool.stats()
    expect(batches + dropped).toBe(5_000)
    expect(dropped).toBeGreaterThan(0)
    const collector = await startRecordingCollector()
    uplinkOf(collector.url, spool, clock)
    await eventually('the rest', () => collector.acknowledged.length >= batches, 5 * 60_000)
    const numbers = collector.acknowledged.map(({ batch }) => batch.number).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: batches }, (_, index) => dropped + index + 1))
  }, 600_000)

  it('whose clock jumps by a day, forward and back, keeps its order and its lanes', async () => {
    const { clock, pass, jump } = createClock()
    const deps = { directory: scratchDirectory(), clock, log: createMemoryLog().log, memoryBatches: 10 }
    const spool = await openSpool({ ...deps, limitBytes: 64 * 1024 * 1024 })
    for (const ms of [0, DAY_MS, -2 * DAY_MS, DAY_MS, 0]) {
      jump(ms)
      for (let count = 0; count < 100; count += 1) {
        pass(INTERVAL_MS)
        await tick(spool, clock)
      }
      expect(spool.stats().secondsLeft).toBeGreaterThan(3_600)
    }
    const collector = await startRecordingCollector()
    uplinkOf(collector.url, spool, clock)
    await eventually('all of it', () => collector.acknowledged.length >= 500, 60_000)
    const inLane = (lane: string) =>
      collector.acknowledged.filter(({ headers }) => headers['pantau-lane'] === lane).map(({ batch }) => batch.number)
    expect(inLane('fresh')).toEqual([498, 499, 500])
    expect(inLane('catchup')).toEqual(Array.from({ length: 497 }, (_, index) => index + 1))
  }, 120_000)

  it('on a disk that the kernel made read-only goes on delivering from memory, and counts what memory cannot hold', async () => {
    requireRoot()
    const home = scratchDirectory()
    const [image, place] = [join(home, 'image'), join(home, 'disk')]
    mkdirSync(place)
    execFileSync('truncate', ['-s', '16M', image])
    execFileSync('mkfs.ext4', ['-q', image])
    execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, place])
    onTestFinished(() => void execFileSync('umount', ['-l', place]))
    const device = execFileSync('findmnt', ['-no', 'SOURCE', place], { encoding: 'utf8' }).trim()
    const { clock, pass } = createClock()
    const { log, messages } = createMemoryLog()
    const spool = await openSpool({
      ...{ directory: join(place, 'spool'), clock, log, limitBytes: 8 * 1024 * 1024, memoryBatches: 50 },
    })
    const run = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        pass(INTERVAL_MS)
        await tick(spool, clock)
      }
    }
    await run(10)
    // What the kernel does when it finds the filesystem broken.
    writeFileSync(`/sys/fs/ext4/${device.replace('/dev/', '')}/trigger_fs_error`, '1')
    await run(80)
    const { batches, dropped } = spool.stats()
    expect([batches, dropped]).toEqual([60, 30])
    expect(messages('error')).toContain('spool cannot write to disk, keeping batches in memory')
    const collector = await startRecordingCollector()
    uplinkOf(collector.url, spool, clock)
    await eventually('what is left', () => collector.acknowledged.length >= batches, 60_000)
    const numbers = collector.acknowledged.map(({ batch }) => batch.number).sort((a, b) => a - b)
    const kept = Array.from({ length: 90 }, (_, index) => index + 1).filter(number => number <= 10 || number > 40)
    expect(numbers).toEqual(kept)
  }, 120_000)
})
