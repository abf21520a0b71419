// Names of series in the embedded store: they last as long as anything of the series does, and no longer.
import { copyFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import type { PackedAppend } from '../../../server/stores/series/embedded/engine-calls.ts'
import { KEEP_ALL } from '../../../server/stores/series/embedded/engine-calls.ts'
import { createSeriesFront } from '../../../server/stores/series/embedded/series-front.ts'
import { createSeriesNames } from '../../../server/stores/series/embedded/series-names.ts'
import { seriesKeyText } from '../../../server/stores/series/series-key.ts'
import { DAY_MS, entry, pushedClock, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const { subjectId, metric } = seriesKey()
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + 1000 * DAY_MS }
const device = (name: string) => ({ labels: { device: name } })
const deviceOf = ([, text]: readonly [number, string]) => /device","(\w+)"/.exec(text)?.[1]

describe('the names of series', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  beforeEach(() => {
    directory = temporaryDirectory()
  })
  afterEach(() => directory.remove())

  const path = (name: string) => join(directory.path, name)
  const open = () => openTestEngine({ directory: directory.path })
  const namesOf = (engine: ReturnType<typeof open>) => engine.names().names.map(deviceOf).sort()

  /** Old samples of a thousand series, and new ones of one of them. */
  function fill(engine: ReturnType<typeof open>): void {
    const old = Array.from({ length: 1000 }, (_, number) => entry([[WEDNESDAY, number]], device(`d${number}`)))
    engine.appendAtOnce([old], WEDNESDAY)
    engine.settle(WEDNESDAY + DAY_MS)
    const later = WEDNESDAY + 20 * DAY_MS
    engine.appendAtOnce([[entry([[later, 7]], device('d7'))]], later)
    engine.settle(later + DAY_MS)
  }

  it('go when nothing is left of the series, and the files with them', async () => {
    let engine = open()
    fill(engine)
    const before = statSync(path('names-a')).size
    engine.forgetBefore(WEDNESDAY + 10 * DAY_MS)
    engine.settle(WEDNESDAY + 21 * DAY_MS)
    expect(namesOf(engine)).toEqual(['d7'])
    expect(statSync(path('names-a')).size).toBeLessThan(before / 100)
    expect(statSync(path('names-b')).size).toBe(statSync(path('names-a')).size)
    engine.close()

    engine = open()
    expect(engine.check()).toEqual({ ok: true, problems: [] })
    expect(namesOf(engine)).toEqual(['d7'])
    expect((await engine.front.raw(everything)).map(({ key, samples }) => [key.labels.device, samples.length])).toEqual(
      [['d7', 1]],
    )
    engine.close()
  })

  it.each([['in the same run'], ['after a restart']])('come back with their series, %s', async when => {
    let engine = open()
    fill(engine)
    engine.forgetBefore(WEDNESDAY + 10 * DAY_MS)
    engine.settle(WEDNESDAY + 21 * DAY_MS)
    if (when === 'after a restart') {
      engine.close()
      engine = open()
    }
    const now = WEDNESDAY + 21 * DAY_MS
    expect(engine.appendAtOnce([[entry([[now, 1]], device('d3'))]], now)).toMatchObject([{ stored: 1 }])
    engine.close()
    engine = open()
    expect(namesOf(engine)).toEqual(['d3', 'd7'])
    // A number that was used once may still stand in the log.
    expect(engine.names().names.map(([id]) => id)).toEqual([7, 1000])
    const shown = await engine.front.raw(everything)
    expect(shown.map(({ key, samples }) => [key.labels.device, samples[0]?.[1]]).sort()).toEqual([
      ['d3', 1],
      ['d7', 7],
    ])
    engine.close()
  })

  it('stay as long as a tier tells of the series', async () => {
    const retention = {
      ...KEEP_ALL,
      rawMs: 20 * DAY_MS,
      minuteMs: 20 * DAY_MS,
      quarterMs: 20 * DAY_MS,
      hourMs: 20 * DAY_MS,
    }
    for (const [dayMs, left] of [
      [null, ['a']],
      [30 * DAY_MS, []],
    ] as const) {
      const engine = openTestEngine({ directory: path(String(dayMs)), retention: { ...retention, dayMs } })
      engine.appendAtOnce([[entry([[WEDNESDAY, 1]], device('a'))]], WEDNESDAY)
      engine.settle(WEDNESDAY + 8 * DAY_MS)
      engine.retain(WEDNESDAY + 500 * DAY_MS)
      engine.settle(WEDNESDAY + 500 * DAY_MS)
      expect(namesOf(engine)).toEqual(left)
      engine.close()
      // Without its table of newest samples, too.
      writeFileSync(path(`${dayMs}/last`), '')
      const again = openTestEngine({ directory: path(String(dayMs)), retention: { ...retention, dayMs } })
      again.settle(WEDNESDAY + 500 * DAY_MS)
      expect(namesOf(again)).toEqual(left)
      again.close()
    }
  })

  it('are whole after a crash between their two copies', async () => {
    let engine = open()
    fill(engine)
    copyFileSync(path('names-b'), path('before'))
    engine.forgetBefore(WEDNESDAY + 10 * DAY_MS)
    engine.settle(WEDNESDAY + 21 * DAY_MS)
    engine.close()
    copyFileSync(path('before'), path('names-b'))
    writeFileSync(path('names-a.new'), 'begun')
    engine = open()
    expect(engine.check().ok).toBe(true)
    expect((await engine.front.raw(everything))[0]?.samples).toEqual([[WEDNESDAY + 20 * DAY_MS, 7]])
    engine.settle(WEDNESDAY + 22 * DAY_MS)
    expect(namesOf(engine)).toEqual(['d7'])
    engine.close()
  })

  it('leave the calling thread with their series, and are found again when those come back', async () => {
    const engine = open()
    fill(engine)
    expect(engine.seriesNames.count()).toBe(1000)
    engine.forgetBefore(WEDNESDAY + 10 * DAY_MS)
    const now = WEDNESDAY + 21 * DAY_MS
    engine.settle(now)
    await engine.front.dropNames(engine.retain(now))
    expect(engine.seriesNames.count()).toBe(1)
    expect(engine.retain(now)).toHaveLength(0)
    const own = engine.front.ownKey(seriesKey(device('d3')))
    expect(engine.seriesNames.isOwn(own)).toBe(true)
    expect(engine.appendAtOnce([[entry([[now, 1]], device('d3'))]], now)).toMatchObject([{ stored: 1 }])
    expect((await engine.front.listSeries()).map(({ labels }) => labels.device).sort()).toEqual(['d3', 'd7'])
    engine.close()
  })

  it('are told under another number by an append that was on its way when they were dropped', async () => {
    const names = createSeriesNames({ names: [[0, seriesKeyText(seriesKey(device('a')))]], nextId: 1 })
    const asked: { ids: number[]; names: number[]; answer: (answer: unknown) => void }[] = []
    const front = createSeriesFront({
      names,
      call: (_name, request) =>
        new Promise(answer => {
          const { ids, names: told } = request as PackedAppend
          asked.push({ ids: [...ids], names: told.map(([id]) => id), answer: answer as (answer: unknown) => void })
        }),
    })
    const first = front.append([entry([[WEDNESDAY, 1]], device('a'))], WEDNESDAY)
    const second = front.append([entry([[WEDNESDAY + 1, 1]], device('a'))], WEDNESDAY)
    await front.dropNames(Uint32Array.of(0))
    // Who begins now takes a new number; it is not told yet, so it may not be dropped.
    const third = front.append([entry([[WEDNESDAY + 2, 1]], device('a'))], WEDNESDAY)
    await front.dropNames(Uint32Array.of(1))
    const stored = { stored: 1, duplicates: 0, tooLate: 0, tooEarly: 0 }
    asked[0]?.answer({ unnamed: [0] })
    asked[1]?.answer({ unnamed: [0] })
    asked[2]?.answer(stored)
    await third
    await vi.waitFor(() => expect(asked).toHaveLength(5))
    asked[3]?.answer(stored)
    asked[4]?.answer(stored)
    expect(await Promise.all([first, second])).toEqual([stored, stored])
    expect(asked.map(({ ids, names }) => [...ids, names.length])).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
      [1, expect.any(Number)],
      [1, expect.any(Number)],
    ])
    expect(names.count()).toBe(1)
    expect(names.keyOf(1).labels).toEqual({ device: 'a' })
    await vi.waitFor(() => expect(names.keyOf(0)).toBeUndefined())
  })

  it('are not dropped where not all of them can be read any more', () => {
    const engine = open()
    fill(engine)
    engine.names()
    for (const copy of ['names-a', 'names-b']) writeFileSync(path(copy), 'gone')
    engine.forgetBefore(WEDNESDAY + 10 * DAY_MS)
    expect(() => engine.settle(WEDNESDAY + 21 * DAY_MS)).toThrow('names of 1000 series are unreadable')
    expect(engine.appendAtOnce([[entry([[WEDNESDAY + 21 * DAY_MS, 7]], device('d3'))]], WEDNESDAY)).toMatchObject([
      { tooEarly: 1 },
    ])
    engine.close()
  })

  it('are told again to a worker that dropped them while it ran', { timeout: 60_000 }, async () => {
    const clock = pushedClock()
    const store = await createEmbeddedSeriesStore({ directory: directory.path, now: clock.now })
    const own = store.ownKey(seriesKey(device('a')))
    await store.append([{ key: own, samples: [[WEDNESDAY, 1]] }])
    clock.push(40 * DAY_MS)
    await store.append([entry([[clock.now(), 2]], device('b'))])
    const namesBytes = () => statSync(path('names-a')).size
    const both = namesBytes()
    await store.forgetBefore(clock.now() - DAY_MS)
    await expect.poll(namesBytes, { timeout: 20_000 }).toBeLessThan(both)
    const append = { keys: [own], ats: Float64Array.of(clock.now()), values: Float64Array.of(3) }
    expect(await store.appendColumns(append)).toMatchObject({ stored: 1 })
    await store.close()
    const again = await createEmbeddedSeriesStore({ directory: directory.path, now: clock.now })
    const shown = await again.raw(everything)
    expect(shown.map(({ key, samples }) => [key.labels.device, samples[0]?.[1]]).sort()).toEqual([
      ['a', 3],
      ['b', 2],
    ])
    await again.close()
  })
})
