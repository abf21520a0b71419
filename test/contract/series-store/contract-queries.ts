// What every series store promises about several series at once, counters and percentiles.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import type { OpenedStore } from './contract.ts'
import { DAY_MS, entry, HOUR_MS, type PushedClock, pushedClock, seriesKey, WEDNESDAY } from './support.ts'

const { subjectId } = seriesKey()
const MINUTE_MS = 60_000

export function describeSeriesQueries(name: string, open: (clock: PushedClock) => Promise<OpenedStore>): void {
  describe(`the ${name} series store, asked for more than one window`, () => {
    let opened: OpenedStore
    let store: SeriesStore
    const start = WEDNESDAY - HOUR_MS
    const at = (minutes: number) => start + minutes * MINUTE_MS

    beforeEach(async () => {
      opened = await open(pushedClock())
      store = opened.store
    })
    afterEach(async () => {
      await opened.dispose()
    })

    describe('several series', () => {
      beforeEach(async () => {
        for (const subject of ['a', 'b', 'c']) {
          for (const [index, metric] of ['in', 'out'].entries()) {
            await store.append([entry([[at(1), index]], { subjectId: subject, metric })])
          }
        }
      })
      const names = (found: { key: { subjectId: string; metric: string } }[]) =>
        found.map(({ key }) => `${key.subjectId}.${key.metric}`).sort()

      it('come in one answer, each once, by subjects and metrics', async () => {
        const window = { from: at(0), to: at(5), stepMs: MINUTE_MS, aggregate: 'avg' as const }
        const both = { subjectId: ['a', 'c', 'a', 'nobody'], metric: ['in', 'out'] }
        expect(names(await store.range({ ...both, ...window }))).toEqual(['a.in', 'a.out', 'c.in', 'c.out'])
        expect(names(await store.raw({ ...both, from: at(0), to: at(5) }))).toHaveLength(4)
        expect(names(await store.range({ subjectId: 'b', metric: ['out'], ...window }))).toEqual(['b.out'])
        expect(await store.range({ subjectId: [], metric: 'in', ...window })).toEqual([])
      })

      it('share the limit of points', async () => {
        const many = { subjectId: ['a', 'b', 'c'], metric: ['in', 'out'], from: at(0), to: at(0) + 9_999, stepMs: 1 }
        expect(await store.range({ ...many, from: at(1), to: at(1) + 9_999, aggregate: 'last' })).toHaveLength(6)
        const entries = Array.from({ length: 101 }, (_, index) =>
          entry([[at(1), 1]], { subjectId: `many-${index}`, metric: 'in' }),
        )
        await store.append(entries)
        const subjects = entries.map(({ key }) => key.subjectId)
        const over = { ...many, subjectId: subjects, metric: 'in', from: at(1), to: at(1) + 9_999 }
        await expect(store.range({ ...over, aggregate: 'last' })).rejects.toMatchObject({ code: 'query-too-large' })
      })
    })

    describe('a counter', () => {
      const counter = { subjectId, metric: 'octets_total' }
      const readings = (samples: [number, number][]) => store.append([entry(samples, { metric: 'octets_total' })])
      const growth = async (more: object = {}) =>
        (await store.growth({ ...counter, from: at(0), to: at(5), stepMs: MINUTE_MS, as: 'increase', ...more }))[0]
          ?.points

      it('grows by what lies between two readings, in the step of the later one', async () => {
        await readings([
          [at(0), 100],
          [at(1), 160],
          [at(1) + 30_000, 200],
          [at(3), 500],
        ])
        expect(await growth()).toEqual([
          [at(0), null],
          [at(1), 100],
          [at(2), null],
          [at(3), 300],
          [at(4), null],
        ])
        const rates = await growth({ as: 'rate' })
        expect(rates?.map(([, value]) => value)).toEqual([null, 100 / 90, null, 300 / 90, null])
      })

      it('counts from the last reading before the window on', async () => {
        await readings([
          [at(-1), 10],
          [at(0), 70],
        ])
        expect((await growth())?.[0]).toEqual([at(0), 60])
        expect((await growth({ as: 'rate' }))?.[0]).toEqual([at(0), 1])
      })

      it('that began anew has grown by what it says now', async () => {
        await readings([
          [at(0), 1000],
          [at(1), 40],
          [at(2), 50],
        ])
        expect((await growth({ counterBits: 32 }))?.map(([, value]) => value)).toEqual([null, 40, 10, null, null])
      })

      it('that went over its end has grown across it, when it is told how wide the counter is', async () => {
        await readings([
          [at(0), 2 ** 32 - 10],
          [at(1), 5],
        ])
        expect((await growth({ counterBits: 32 }))?.[1]).toEqual([at(1), 15])
        expect((await growth())?.[1]).toEqual([at(1), 5])
        expect((await growth({ counterBits: 64 }))?.[1]).toEqual([at(1), 5])
      })

      it('says nothing across a gap that is too long', async () => {
        await readings([
          [at(-61), 1],
          [at(0), 2],
          [at(4), 10],
        ])
        expect((await growth())?.map(([, value]) => value)).toEqual([null, null, null, null, 8])
        expect((await growth({ maxGapMs: 2 * HOUR_MS }))?.[0]).toEqual([at(0), 1])
        expect(await growth({ maxGapMs: MINUTE_MS })).toBeUndefined()
        await expect(growth({ maxGapMs: 0 })).rejects.toMatchObject({ code: 'bad-input' })
      })

      it('with one reading has not grown at all; it is left out', async () => {
        await readings([[at(1), 5]])
        expect(await growth()).toBeUndefined()
      })

      it('crosses days and weeks', async () => {
        const monday = Date.UTC(2026, 10, 16)
        await readings([
          [monday - 30_000, 1],
          [monday + 30_000, 61],
        ])
        const window = { from: monday - DAY_MS, to: monday + DAY_MS, stepMs: DAY_MS }
        expect((await growth({ ...window, as: 'rate' }))?.map(([, value]) => value)).toEqual([null, 1])
      })
    })

    describe('a percentile', () => {
      it('is one of the points: the least that so many of a hundred do not exceed', async () => {
        const minutes = Array.from({ length: 20 }, (_, index): [number, number] => [at(index), (index * 7) % 20])
        await store.append([entry(minutes, { metric: 'x' }), entry([[at(3), 42]], { metric: 'y' })])
        const ask = (percentile: number) =>
          store.percentile({
            ...{ subjectId, metric: ['x', 'y', 'nothing'], from: at(0), to: at(20), stepMs: MINUTE_MS, percentile },
            of: { aggregate: 'avg' },
          })
        const by = async (percentile: number) =>
          Object.fromEntries((await ask(percentile)).map(({ key, value, points }) => [key.metric, [value, points]]))
        expect(await by(95)).toEqual({ x: [18, 20], y: [42, 1] })
        expect(await by(100)).toEqual({ x: [19, 20], y: [42, 1] })
        expect(await by(50)).toEqual({ x: [9, 20], y: [42, 1] })
        expect(await by(0.1)).toEqual({ x: [0, 20], y: [42, 1] })
        for (const percentile of [0, -1, 100.1, Number.NaN]) {
          await expect(ask(percentile)).rejects.toMatchObject({ code: 'bad-input' })
        }
      })

      it('is told of the steps, not of the samples, and of the growth of counters', async () => {
        await store.append([
          entry(
            [
              [at(0), 0],
              [at(1), 60],
              [at(2), 180],
              [at(3), 1380],
              [at(3) + 1000, 1381],
            ],
            { metric: 'octets_total' },
          ),
        ])
        const window = { subjectId, metric: 'octets_total', from: at(0), to: at(5), stepMs: MINUTE_MS }
        const [rate] = await store.percentile({ ...window, percentile: 66, of: { as: 'rate' } })
        expect(rate).toMatchObject({ value: 2, points: 3 })
        const [average] = await store.percentile({ ...window, percentile: 100, of: { aggregate: 'avg' } })
        expect(average).toMatchObject({ value: 1380.5, points: 4 })
      })
    })

    it('tells what it holds in memory', async () => {
      await store.append([entry([[at(0), 1]])])
      const { memoryBytes, memoryLimitBytes } = await store.size()
      expect(memoryBytes).toBeGreaterThanOrEqual(0)
      if (memoryLimitBytes !== null) expect(memoryBytes).toBeLessThan(memoryLimitBytes * 2)
    })
  })
}
