import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { COLLECTOR_SUBJECT } from '../../../server/availability/heard.ts'
import type { Evaluator } from '../../../server/rules/evaluator.ts'
import { createTicker } from '../../../server/rules/ticker.ts'
import { HOUR_MS, openWatch, SECOND_MS } from './watch.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: Date.UTC(2026, 10, 23, 1) })
})
afterEach(() => {
  vi.useRealTimers()
})

async function ticking(change: Partial<Evaluator> = {}) {
  const watch = await openWatch()
  const told: string[] = []
  const evaluator: Evaluator = {
    evaluateSamples: async () => {},
    hearsLate: () => {},
    evaluateState: async () => {},
    tick: async () => void told.push('tick'),
    evaluateWindows: async () => void told.push('windows'),
    ...change,
  }
  const ticker = createTicker({ records: watch.records, evaluator, log: watch.log, now: Date.now })
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= SECOND_MS) {
      await vi.advanceTimersByTimeAsync(SECOND_MS)
      // The database answers in its own time, not in the faked one.
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  }
  const awake = () =>
    watch.records
      .selectFrom('state_interval')
      .select(['from_ms', 'to_ms'])
      .where('subject_id', '=', COLLECTOR_SUBJECT)
      .orderBy('from_ms')
      .execute()
  return { ...watch, told, ticker, pass, awake }
}

it('judges silence each second, windows each minute, and notes that the collector is awake', async () => {
  const { told, ticker, pass, awake } = await ticking()
  const startedAt = Date.now()
  ticker.start()
  await pass(62 * SECOND_MS)
  await ticker.stop()
  expect(told.filter(what => what === 'tick')).toHaveLength(62)
  expect(told.filter(what => what === 'windows')).toHaveLength(2)
  expect(await awake()).toEqual([{ from_ms: startedAt + SECOND_MS, to_ms: startedAt + 62 * SECOND_MS }])
  await pass(5 * SECOND_MS)
  expect(told).toHaveLength(64)
})

it('time in which it slept is not claimed as watched', async () => {
  const { ticker, pass, awake } = await ticking()
  ticker.start()
  await pass(10 * SECOND_MS)
  vi.setSystemTime(Date.now() + HOUR_MS)
  await pass(10 * SECOND_MS)
  await ticker.stop()
  const notes = await awake()
  expect(notes).toHaveLength(2)
  expect((notes[1]?.from_ms ?? 0) - (notes[0]?.to_ms ?? 0)).toBeGreaterThan(HOUR_MS - 6 * SECOND_MS)
})

it('a tick that fails is told to a person and does not end the others', async () => {
  let calls = 0
  const { ticker, pass, logLines } = await ticking({
    tick: async () => {
      calls += 1
      if (calls === 1) throw new Error('the disk is full')
    },
  })
  ticker.start()
  await pass(3 * SECOND_MS)
  await ticker.stop()
  expect(calls).toBe(3)
  expect(logLines.filter(line => line.includes('A tick of the evaluator failed'))).toHaveLength(1)
})

it('a slow tick is not overtaken, and stopping waits for it', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  const { ticker, pass } = await ticking({
    tick: async () => {
      running += 1
      most = Math.max(most, running)
      await released
      running -= 1
    },
  })
  ticker.start()
  await pass(5 * SECOND_MS)
  let stopped = false
  const stopping = ticker.stop().then(() => {
    stopped = true
  })
  await pass(2 * SECOND_MS)
  expect({ most, stopped }).toEqual({ most: 1, stopped: false })
  release()
  await stopping
  expect(running).toBe(0)
})
