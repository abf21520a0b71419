// The embedded store and its files: weeks, retention, reopening, a second process, a worker that dies.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createEmbeddedSeriesStore,
  type EmbeddedSeriesStoreDeps,
  startSeriesWorker,
} from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { KEEP_ALL } from '../../../server/stores/series/embedded/engine-calls.ts'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, entry, HOUR_MS, pushedClock, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const { subjectId, metric } = seriesKey()
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + 365 * DAY_MS }

/** The machine may be busy with other tests. */

describe('the files of the embedded series store', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let clock: ReturnType<typeof pushedClock>
  let opened: SeriesStore[]

  beforeEach(() => {
    directory = temporaryDirectory()
    clock = pushedClock()
    opened = []
  })
  afterEach(async () => {
    for (const store of opened) await store.close()
    directory.remove()
  })

  async function open(more: Partial<EmbeddedSeriesStoreDeps> = {}): Promise<SeriesStore> {
    const store = await createEmbeddedSeriesStore({ directory: directory.path, now: clock.now, ...more })
    opened.push(store)
    return store
  }
  const weekFiles = (suffix = '.blocks') =>
    readdirSync(directory.path)
      .filter(name => name.startsWith('series-') && name.endsWith(suffix))
      .sort()
  const minuteFiles = () =>
    readdirSync(directory.path)
      .filter(name => /^minute-.*blocks$/.test(name))
      .sort()

  it('are one a week, named after it, and a reopened store reads all of them', async () => {
    const engine = openTestEngine({ directory: directory.path })
    const samples = [
      [Date.UTC(2026, 10, 1, 23, 59), 1],
      [Date.UTC(2026, 10, 2), 2],
      [WEDNESDAY, 3],
    ] as [number, number][]
    engine.appendAtOnce([[entry(samples)]], WEDNESDAY)
    engine.settle(WEDNESDAY + DAY_MS)
    expect(weekFiles()).toEqual(['series-2026-W44.blocks', 'series-2026-W45.blocks', 'series-2026-W47.blocks'])
    engine.close()
    const again = await open()
    expect((await again.raw(everything))[0]?.samples.map(([, value]) => value)).toEqual([1, 2, 3])
    expect(await again.latest()).toMatchObject([{ at: WEDNESDAY, value: 3 }])
    expect(await again.size()).toMatchObject({ series: 1, samples: 3 })
    expect((await again.size()).bytes).toBeGreaterThan(500)
    expect(await again.append([entry(samples)])).toMatchObject({ stored: 0, duplicates: 3 })
  })

  it('reach over many weeks, and late samples find theirs', async () => {
    const store = await open()
    clock.set(WEDNESDAY - 300 * DAY_MS)
    for (let week = 0; week < 20; week++) {
      clock.push(7 * DAY_MS)
      await store.append([entry([[clock.now(), week]])])
    }
    await expect.poll(() => weekFiles().length).toBe(20)
    expect((await store.raw(everything))[0]?.samples.map(([, value]) => value)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
    const late = Array.from({ length: 4 }, (_, week): [number, number] => [clock.now() - 1000 - week * 7 * DAY_MS, 100])
    expect(await store.append([entry(late)])).toMatchObject({ stored: 4 })
    expect((await store.raw({ ...everything, from: clock.now() - 30 * DAY_MS }))[0]?.samples).toHaveLength(9)
  })

  it('are deleted whole when their time is over, after the tiers have what was in them', () => {
    const retention = { ...KEEP_ALL, rawMs: 20 * DAY_MS }
    const engine = openTestEngine({ directory: directory.path, retention })
    const old = WEDNESDAY - 19 * DAY_MS
    engine.appendAtOnce([[entry([[old, 1]]), entry([[WEDNESDAY, 2]])]], WEDNESDAY)
    engine.settle(WEDNESDAY + 1)
    expect(weekFiles()).toEqual(['series-2026-W44.blocks', 'series-2026-W47.blocks'])
    const later = WEDNESDAY + 8 * DAY_MS
    engine.retain(later)
    engine.settle(later)
    expect(weekFiles()).toEqual(['series-2026-W47.blocks'])
    expect(weekFiles('.index')).toEqual(['series-2026-W47.index'])
    expect(minuteFiles()).toEqual(['minute-2026-W44.blocks', 'minute-2026-W47.blocks'])
    engine.close()
  })

  it('keep what is shown of old samples in tiers, each as long as it is told', async () => {
    const retention = { ...KEEP_ALL, rawMs: 20 * DAY_MS, minuteMs: 60 * DAY_MS, quarterMs: 90 * DAY_MS }
    let engine = openTestEngine({ directory: directory.path, retention })
    const minute = Math.floor((WEDNESDAY - 10 * DAY_MS) / HOUR_MS) * HOUR_MS
    const samples = Array.from({ length: 120 }, (_, index): [number, number] => [minute + index * 10_000, index])
    engine.appendAtOnce([[entry(samples)]], WEDNESDAY)
    engine.settle(WEDNESDAY + 14 * DAY_MS)
    const ask = async (stepMs: number) => {
      const window = { subjectId, metric, from: minute, to: minute + HOUR_MS, stepMs, aggregate: 'sum' as const }
      return (await engine.front.range(window))[0]?.points.flatMap(([, value]) => (value === null ? [] : [value]))
    }
    const seven = await ask(7 * 60_000)
    const minutes = await ask(60_000)
    for (const days of [30, 70, 100]) {
      engine.retain(WEDNESDAY + days * DAY_MS)
      engine.settle(WEDNESDAY + days * DAY_MS)
      engine.close()
      engine = openTestEngine({ directory: directory.path, retention })
      const expected = days < 70 ? minutes : days < 100 ? [4005, 3135] : [7140]
      expect(await ask(60_000)).toEqual(expected)
      expect((await ask(HOUR_MS))?.[0]).toBe(7140)
      if (days < 70) expect(await ask(7 * 60_000)).toEqual(seven)
    }
    expect(minuteFiles()).toEqual([])
    expect(await engine.front.raw(everything)).toEqual([])
    expect(await engine.front.latest()).toEqual([])
    engine.close()
  })

  it('stay while they are being written, and go when they are done', async () => {
    const engine = openTestEngine({ directory: directory.path })
    const devices = Array.from({ length: 600 }, (_, number) =>
      entry([[WEDNESDAY, number]], { labels: { device: `d${number}` } }),
    )
    engine.appendAtOnce([devices], WEDNESDAY)
    const later = WEDNESDAY + DAY_MS
    // Some of their blocks are packed, others are not yet.
    engine.work(later)
    engine.forgetBefore(WEDNESDAY + 30 * DAY_MS)
    expect(await engine.front.raw(everything)).toEqual([])
    // A write to a file that was closed could end in whichever file got its number.
    const problems: unknown[] = []
    const sizes = async () => {
      engine.work(later)
      problems.push(...engine.check().problems)
      const areGone = !readdirSync(directory.path).some(name => name.endsWith('.blocks'))
      return { areGone, ...(await engine.front.size()) }
    }
    await expect.poll(sizes).toMatchObject({ areGone: true, samples: 0 })
    expect(problems).toEqual([])
    engine.close()
  })

  it('keep in mind over a restart what was let go', async () => {
    const store = await open()
    await store.append([
      entry([
        [WEDNESDAY - 2, 1],
        [WEDNESDAY, 2],
      ]),
    ])
    await store.forgetBefore(WEDNESDAY - 1)
    await store.close()
    const again = await open()
    expect((await again.raw(everything))[0]?.samples).toEqual([[WEDNESDAY, 2]])
    expect(await again.append([entry([[WEDNESDAY - 2, 1]])])).toMatchObject({ tooLate: 1, stored: 0 })
  })

  it('leave other files in the directory alone', async () => {
    writeFileSync(join(directory.path, 'series-2026-W99.db'), 'not ours')
    writeFileSync(join(directory.path, 'series-2026-W99.blocks'), 'not ours')
    writeFileSync(join(directory.path, 'log-1'), 'not ours')
    writeFileSync(join(directory.path, 'notes.txt'), 'not ours')
    const store = await open()
    await store.forgetBefore(WEDNESDAY + 3000 * DAY_MS)
    expect(existsSync(join(directory.path, 'series-2026-W99.db'))).toBe(true)
    expect(existsSync(join(directory.path, 'series-2026-W99.blocks'))).toBe(true)
    expect(existsSync(join(directory.path, 'log-1'))).toBe(true)
    expect(existsSync(join(directory.path, 'notes.txt'))).toBe(true)
  })

  it('belong to one store at a time', async () => {
    await open()
    await expect(open()).rejects.toMatchObject({ code: 'in-use', message: expect.stringContaining('series.db') })
  })

  it('in a place that cannot be written are a typed refusal', async () => {
    writeFileSync(join(directory.path, 'file'), '')
    const inside = join(directory.path, 'file', 'data')
    await expect(open({ directory: inside })).rejects.toMatchObject({ code: 'storage-failed' })
  })

  it('outlive the worker thread: what it left unanswered is refused, the next append starts a new one', async () => {
    const workers: Worker[] = []
    const store = await open({
      groupMs: 20,
      startWorker: data => {
        const worker = startSeriesWorker(data)
        workers.push(worker)
        return worker
      },
    })
    await store.append([entry([[WEDNESDAY, 1]])])
    const cutOff = Array.from({ length: 5 }, (_, index) => store.append([entry([[WEDNESDAY + 1 + index, 2]])]))
    const refused = Promise.allSettled(cutOff)
    await workers[0]?.terminate()
    for (const outcome of await refused) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'worker-stopped' } })
    }
    expect(await store.append([entry([[WEDNESDAY + 1, 2]])])).toMatchObject({ tooLate: 0, tooEarly: 0 })
    expect((await store.raw(everything))[0]?.samples.slice(0, 2)).toEqual([
      [WEDNESDAY, 1],
      [WEDNESDAY + 1, 2],
    ])
    expect(workers).toHaveLength(2)
    expect(await store.check()).toEqual({ ok: true, problems: [] })
  })
})
