// Windows that were flushed in several parts become one again, in slices, and whatever happens meanwhile nothing is lost or doubled.
import { cpSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { LATER, lookAtParts, MONDAY, partsTruth, WEEK, writeParts } from './parts.ts'
import { DAY_MS, entry, HOUR_MS, temporaryDirectory } from './support.ts'
import { openTestEngine } from './test-engine.ts'
import { playKillsWhilePuttingTogether } from './together-story.ts'

const SMALL = { series: 5, windows: 6 }

describe('windows of several parts', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  beforeEach(() => {
    directory = temporaryDirectory()
  })
  afterEach(() => directory.remove())

  const path = (name: string) => join(directory.path, name)
  const week = (name: string, ending: string) => path(`${name}/series-2026-W45.${ending}`)

  async function contentOf(name: string) {
    const engine = openTestEngine({ directory: path(name) })
    const found = await engine.front.raw(WEEK)
    const health = await engine.verify()
    const { samples } = engine.size()
    engine.close()
    return { health, samples, byDevice: new Map(found.map(({ key, samples }) => [key.labels.device, samples])) }
  }

  async function expectAll(name: string, expected = partsTruth(SMALL)) {
    const { health, samples, byDevice } = await contentOf(name)
    expect(health).toEqual({ ok: true, problems: [] })
    expect(byDevice).toEqual(expected)
    expect(samples).toBe([...expected.values()].flat().length)
  }

  it('are put together when their week is over, and tell the same as before', async () => {
    const city = { series: 600, windows: 3 }
    writeParts(path('a'), city)
    expect(lookAtParts(path('a'))).toEqual({ parts: 3, sheets: 3 * 3 * 2, isBeside: false })
    const before = statSync(week('a', 'blocks')).size
    const engine = openTestEngine({ directory: path('a') })
    const asked = { ...WEEK, stepMs: HOUR_MS, aggregate: 'avg' as const }
    const averages = await engine.front.range(asked)
    engine.settle(LATER)
    expect(await engine.front.range(asked)).toEqual(averages)
    engine.close()
    expect(lookAtParts(path('a'))).toEqual({ parts: 1, sheets: 3 * 2, isBeside: false })
    expect(statSync(week('a', 'blocks')).size).toBeLessThan(before / 1.5)
    await expectAll('a', partsTruth(city))
  })

  it('stay as they are where only few of them have parts', () => {
    writeParts(path('a'), { series: 1, windows: 20 })
    let engine = openTestEngine({ directory: path('a') })
    engine.settle(LATER)
    engine.appendAtOnce([[entry([[MONDAY + 7, 7]])]], LATER)
    engine.settle(LATER + DAY_MS)
    engine.close()
    engine = openTestEngine({ directory: path('a') })
    const blocks = readFileSync(week('a', 'blocks'))
    engine.settle(LATER + 3 * DAY_MS)
    engine.close()
    // One window of 20.
    expect(lookAtParts(path('a')).parts).toBe(2)
    expect(readFileSync(week('a', 'blocks'))).toEqual(blocks)
  })

  it('are whole at whatever slice the machine stops, and take what comes late meanwhile', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(45), { minLength: 1, maxLength: 3 }),
        fc.option(fc.record({ slice: fc.nat(30), window: fc.nat(7) })),
        async (stops, late) => {
          rmSync(directory.path, { recursive: true, force: true })
          writeParts(path('a'), SMALL)
          const expected = partsTruth(SMALL)
          const engine = openTestEngine({ directory: path('a') })
          let at = LATER
          for (let slice = 0; slice < 60; slice++) {
            if (slice === late?.slice) {
              const sample: [number, number] = [MONDAY + late.window * 2 * HOUR_MS + HOUR_MS, 99]
              engine.appendAtOnce([[entry([sample], { labels: { device: 'd1' } })]], LATER)
              expected.set(
                'd1',
                [...(expected.get('d1') ?? []), sample].sort(([a], [b]) => a - b),
              )
              // Late enough for it to be flushed beside what is going on.
              at += 2 * HOUR_MS
            }
            if (stops.includes(slice)) {
              cpSync(path('a'), path(`at-${slice}`), { recursive: true })
              await expectAll(`at-${slice}`, expected)
            }
            engine.work(at)
            await turn()
          }
          // The disk takes its time.
          while (late === null && lookAtParts(path('a')).parts > 1) {
            await turn()
            engine.work(at)
          }
          engine.close()
          await expectAll('a', expected)
        },
      ),
      { numRuns: 4, interruptAfterTimeLimit: 2_500, markInterruptAsFailure: false },
    )
  })

  it('are whole where the machine stops between the steps of the change', async () => {
    writeParts(path('before'), SMALL)
    cpSync(path('before'), path('after'), { recursive: true })
    const engine = openTestEngine({ directory: path('after') })
    engine.settle(LATER)
    engine.close()
    const states: [string, () => void][] = [
      ['made', () => {}],
      ['no-copies', () => rmSync(week('no-copies', 'index'))],
      [
        'in-place',
        () => {
          rmSync(week('in-place', 'index'))
          renameSync(week('in-place', 'anew.blocks'), week('in-place', 'blocks'))
        },
      ],
      ['begun', () => writeFileSync(week('begun', 'anew.blocks'), 'begun')],
    ]
    for (const [name, change] of states) {
      cpSync(path('before'), path(name), { recursive: true })
      for (const ending of ['blocks', 'index']) cpSync(week('after', ending), week(name, `anew.${ending}`))
      change()
      await expectAll(name)
      expect(lookAtParts(path(name))).toMatchObject({ parts: name === 'in-place' ? 1 : 3, isBeside: false })
    }
  })

  it('stay in their parts where one of them is broken, and that is named', async () => {
    writeParts(path('a'), SMALL)
    const bytes = readFileSync(week('a', 'blocks'))
    bytes.fill(255, 64 + 5 * 12 + 1, 64 + 5 * 12 + 9)
    writeFileSync(week('a', 'blocks'), bytes)
    const engine = openTestEngine({ directory: path('a') })
    expect(() => engine.settle(LATER)).toThrow('unreadable')
    expect(engine.check().problems).toContainEqual(expect.objectContaining({ code: 'damaged' }))
    engine.close()
    expect(lookAtParts(path('a')).parts).toBe(3)
    const kept = (await contentOf('a')).byDevice
    expect([...kept.values()].flat().length).toBeGreaterThan(5 * 6 * 3 - 6)
  })

  it('are put together by the store as a whole, too', { timeout: 60_000 }, async () => {
    writeParts(path('a'), SMALL)
    const number = () => statSync(week('a', 'blocks')).ino
    const before = number()
    const store = await createEmbeddedSeriesStore({ directory: path('a'), now: () => LATER })
    await expect.poll(number, { timeout: 50_000 }).not.toBe(before)
    expect((await store.raw(WEEK)).length).toBe(SMALL.series)
    await store.close()
    expect(lookAtParts(path('a'))).toMatchObject({ parts: 1, isBeside: false })
    await expectAll('a')
  })

  it('wait while a copy is taken', async () => {
    writeParts(path('a'), SMALL)
    const engine = openTestEngine({ directory: path('a') })
    const copying = engine.backup(path('copy'))
    for (let slice = 0; slice < 60; slice++) engine.work(LATER)
    expect(lookAtParts(path('a')).parts).toBe(3)
    await copying
    engine.settle(LATER + HOUR_MS)
    engine.close()
    expect(lookAtParts(path('a')).parts).toBe(1)
    await expectAll('copy')
  })
})

it('a store that is killed while it puts windows together has all of them', { timeout: 120_000 }, async () => {
  await playKillsWhilePuttingTogether({ kills: 3 })
})
