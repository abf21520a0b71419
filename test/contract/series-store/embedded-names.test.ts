// Names of series in the embedded store: they last as long as anything of the series does, and no longer.
import { copyFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { KEEP_ALL } from '../../../server/stores/series/embedded/engine-calls.ts'
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
    const ids = engine.names().names.map(([id]) => id)
    expect(Math.max(...ids)).toBe(when === 'after a restart' ? 1000 : 7)
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
