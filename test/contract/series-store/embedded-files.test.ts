// The embedded store and its files: weeks, retention, reopening, damage, a second process, a worker that dies.
import { existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createEmbeddedSeriesStore,
  type EmbeddedSeriesStoreDeps,
  startSeriesWorker,
} from '../../../server/stores/series/embedded/embedded-series-store.ts'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, entry, pushedClock, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'

const { subjectId, metric } = seriesKey()
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + 365 * DAY_MS }

/** The machine may be busy with other tests. */
const PATIENT = { timeout: 10_000 }

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
  const weekFiles = () =>
    readdirSync(directory.path)
      .filter(name => /^series-.*\.db$/.test(name))
      .sort()

  it('are one a week, named after it, and a reopened store reads all of them', async () => {
    const store = await open()
    await store.append([
      entry([
        [Date.UTC(2026, 10, 1, 23, 59), 1],
        [Date.UTC(2026, 10, 2), 2],
        [WEDNESDAY, 3],
      ]),
    ])
    expect(weekFiles()).toEqual(['series-2026-W44.db', 'series-2026-W45.db', 'series-2026-W47.db'])
    await store.close()
    const again = await open()
    expect((await again.raw(everything))[0]?.samples.map(([, value]) => value)).toEqual([1, 2, 3])
    expect(await again.latest()).toMatchObject([{ at: WEDNESDAY, value: 3 }])
    expect(await again.size()).toMatchObject({ series: 1, samples: 3 })
    expect((await again.size()).bytes).toBeGreaterThan(10_000)
  })

  it('reach over more weeks than are held open at a time', async () => {
    const store = await open()
    clock.set(WEDNESDAY - 300 * DAY_MS)
    for (let week = 0; week < 20; week++) {
      clock.push(7 * DAY_MS)
      await store.append([entry([[clock.now(), week]])])
    }
    expect(weekFiles()).toHaveLength(20)
    expect((await store.raw(everything))[0]?.samples.map(([, value]) => value)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
    const windowMs = 30 * DAY_MS
    clock.set(WEDNESDAY - 300 * DAY_MS + 140 * DAY_MS)
    const late = Array.from({ length: 4 }, (_, week): [number, number] => [clock.now() - 1000 - week * 7 * DAY_MS, 100])
    expect(await store.append([entry(late)])).toMatchObject({ stored: 4 })
    expect((await store.raw({ ...everything, from: clock.now() - windowMs }))[0]?.samples).toHaveLength(9)
  })

  it('are deleted whole when their time is over', async () => {
    const store = await open({ retentionMs: 20 * DAY_MS })
    await store.append([
      entry([
        [WEDNESDAY - 19 * DAY_MS, 1],
        [WEDNESDAY, 2],
      ]),
    ])
    expect(weekFiles()).toEqual(['series-2026-W44.db', 'series-2026-W47.db'])
    clock.push(8 * DAY_MS)
    await store.append([entry([[clock.now(), 3]])])
    await expect.poll(weekFiles, PATIENT).toEqual(['series-2026-W47.db', 'series-2026-W48.db'])
    expect(readdirSync(directory.path).filter(name => name.includes('W44'))).toEqual([])
    await store.close()
    clock.push(14 * DAY_MS)
    const again = await open({ retentionMs: 20 * DAY_MS })
    expect((await again.raw(everything))[0]?.samples.map(([, value]) => value)).toEqual([3])
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
    writeFileSync(join(directory.path, 'notes.txt'), 'not ours')
    const store = await open()
    await store.forgetBefore(WEDNESDAY + 3000 * DAY_MS)
    expect(existsSync(join(directory.path, 'series-2026-W99.db'))).toBe(true)
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

  it('that are damaged cost their week, are named, and never the start', async () => {
    const store = await open()
    await store.append([
      entry([
        [WEDNESDAY - 7 * DAY_MS, 1],
        [WEDNESDAY, 2],
      ]),
    ])
    await store.close()
    const file = join(directory.path, 'series-2026-W46.db')
    writeSync(openSync(file, 'r+'), Buffer.alloc(statSync(file).size, 'x'), 0)

    const again = await open()
    const { ok, problems } = await again.check()
    expect(ok).toBe(false)
    expect(problems).toMatchObject([{ code: 'damaged', message: expect.stringContaining('series-2026-W46.db') }])
    expect((await again.raw({ ...everything, from: WEDNESDAY - DAY_MS }))[0]?.samples).toEqual([[WEDNESDAY, 2]])
    await expect(again.raw(everything)).rejects.toMatchObject({ code: 'damaged' })
    expect(await again.append([entry([[WEDNESDAY + 1, 3]])])).toMatchObject({ stored: 1 })
    const intoDamaged = again.append([entry([[WEDNESDAY - 7 * DAY_MS, 1]])])
    await expect(intoDamaged).rejects.toMatchObject({ code: 'damaged' })
    expect((await again.size()).samples).toBe(2)
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
