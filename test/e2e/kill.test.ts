// 50 random kill -9 of agent and collector while data flows: each acknowledged sample is there once, each spooled one arrives.
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../agent/platform/clock.ts'
import { openSpool } from '../../agent/spool/spool.ts'
import type { Batch } from '../../protocol/batch.ts'
import { createEmbeddedSeriesStore } from '../../server/stores/series/embedded/embedded-series-store.ts'
import { call, startCollector, type TestCollector, untilTrue } from '../support/collector.ts'
import { freePort } from '../support/free-port.ts'
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts'

const PANTAU = fileURLToPath(new URL('../../pantau.mjs', import.meta.url))
const KILLS = Number(process.env.KILLS ?? 50)
const INTERVAL_MS = 200

let directory: string
let port: number
let collector: TestCollector
let proxy: RecordingProxy
let agent: ChildProcess
let seed: number

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pantau-kill-'))
  port = await freePort()
  collector = await startedCollector()
  proxy = await startRecordingProxy({ port })
  const { secret } = await call(collector, 'createEnrolmentToken', { body: { label: 'kill test' } })
  writeFileSync(join(directory, 'token'), secret, { mode: 0o600 })
  seed = Number(process.env.PANTAU_TEST_SEED ?? Date.now() % 1_000_000)
})

afterAll(async () => {
  agent?.kill('SIGKILL')
  await collector?.kill()
  await proxy?.close()
  rmSync(directory, { recursive: true, force: true })
})

const startedCollector = () =>
  startCollector({ data: directory, port, settings: { nocAgent: { enabled: false }, logLevel: 'warn' } })

function startedAgent(): ChildProcess {
  return spawn(
    process.execPath,
    [
      ...[PANTAU, 'agent', '--collector', proxy.url, '--data', join(directory, 'remote')],
      ...['--token-file', join(directory, 'token'), '--interval-ms', String(INTERVAL_MS)],
    ],
    { stdio: 'ignore' },
  )
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

/** The numbers that a spool holds, read from a copy so that reading changes nothing. */
async function spooledNumbers(): Promise<number[]> {
  const copy = mkdtempSync(join(tmpdir(), 'pantau-spool-copy-'))
  try {
    cpSync(join(directory, 'remote', 'spool'), copy, { recursive: true })
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const limits = { limitBytes: 256 * 1024 * 1024, memoryBatches: 10 }
    const spool = await openSpool({ directory: copy, clock: systemClock, log, ...limits })
    const numbers: number[] = []
    for (let record = await spool.next(); record !== undefined; record = await spool.next()) {
      numbers.push(record.number)
      await spool.acknowledge(record.number)
    }
    await spool.close()
    return numbers
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** A small repeatable generator (mulberry32), so that a failure can be run again with PANTAU_TEST_SEED. */
function randomOf(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

it(`${KILLS} kills lose nothing and double nothing`, { timeout: 900_000 }, async () => {
  console.log(`PANTAU_TEST_SEED=${seed}`)
  const random = randomOf(seed)
  const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
  const spooled = new Set<number>()
  agent = startedAgent()
  await untilTrue('the first batch is acknowledged', 60_000, () => proxy.acknowledged.size > 0)

  for (let kills = 0; kills < KILLS; kills += 1) {
    await pause(50 + random() * 650)
    if (random() < 0.5) {
      await kill(agent, 'SIGKILL')
      for (const number of await spooledNumbers()) spooled.add(number)
      agent = startedAgent()
    } else {
      await collector.kill()
      // Long enough, at times, for several batches to wait on the agent's disk.
      await pause(random() * 1_200)
      collector = await startedCollector()
    }
  }

  const leftByStop = async () => {
    await untilTrue('what was spooled is delivered', 60_000, () =>
      [...spooled].every(number => proxy.acknowledged.has(number)),
    )
    await untilTrue('the agent has caught up', 60_000, () => newestAcknowledgedAt() > Date.now() - 3_000)
    await kill(agent, 'SIGTERM')
    return await spooledNumbers()
  }
  // A stop delivers what it can in two seconds; what a busy machine left waits on disk for the next start.
  for (let left = await leftByStop(); left.length > 0; left = await leftByStop()) {
    for (const number of left) spooled.add(number)
    agent = startedAgent()
  }
  expect(spooled.size).toBeGreaterThan(10)

  const { agents } = await call(collector, 'agents')
  expect(agents).toHaveLength(1)
  const { id: agentId, deviceId: subjectId } = agents[0] ?? { id: '', deviceId: '' }
  await untilTrue('the journal is drained', 60_000, async () => (await storedLoads(subjectId)) >= expectedLoads())
  expect(await collector.stop()).toBe(0)

  const series = await createEmbeddedSeriesStore({ directory: join(directory, 'series'), now: Date.now })
  try {
    const expected = expectedSamples([...proxy.acknowledged.values()])
    expect(expected.size).toBeGreaterThan(20)
    for (const { metric, labels, samples } of expected.values()) {
      const stored = await series.raw({ subjectId, metric, labels, agentId, from: 0, to: Date.now() + 60_000 })
      const exact = stored.find(({ key }) => Object.keys(key.labels).length === Object.keys(labels).length)
      expect(exact?.samples, metric).toEqual([...samples].sort(([left], [right]) => left - right))
    }
  } finally {
    await series.close()
  }
  console.log(
    `${KILLS} kills: ${proxy.acknowledged.size} batches acknowledged, ${spooled.size} seen waiting on the agent's disk after a kill, ` +
      `${proxy.duplicates()} delivered again and counted once`,
  )
})

const newestAcknowledgedAt = () =>
  Math.max(
    ...(expectedSamples([...proxy.acknowledged.values()].slice(-1))
      .get('node_load1{}')
      ?.samples.keys() ?? [0]),
  )

const expectedLoads = () =>
  expectedSamples([...proxy.acknowledged.values()]).get('node_load1{}')?.samples.size ?? Number.POSITIVE_INFINITY

async function storedLoads(subject: string): Promise<number> {
  const to = Date.now() + 60_000
  const { series } = await call(collector, 'range', {
    query: { subject, metric: 'node_load1', from: to - 900_000, to, stepMs: 900_000, aggregate: 'count' },
  })
  return series.flatMap(({ points }) => points).reduce((sum, [, value]) => sum + (value ?? 0), 0)
}

/** All gauges of the acknowledged batches: what must be stored, no more and no less. */
function expectedSamples(batches: readonly Batch[]) {
  const expected = new Map<string, { metric: string; labels: Record<string, string>; samples: Map<number, number> }>()
  for (const { series } of batches) {
    for (const { kind, metric, labels = {}, points } of series) {
      if (kind !== 'gauge') continue
      const key = `${metric}${JSON.stringify(labels)}`
      const known = expected.get(key) ?? { metric, labels, samples: new Map<number, number>() }
      for (const [at, value] of points) known.samples.set(at, Number(value))
      expected.set(key, known)
    }
  }
  return expected
}
