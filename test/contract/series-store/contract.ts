// What every series store promises, told as stories. Each implementation runs all of it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SeriesStore } from '../../../server/stores/series/series-store.ts'
import { DAY_MS, entry, HOUR_MS, type PushedClock, pushedClock, seriesKey, WEDNESDAY } from './support.ts'

export type OpenedStore = { store: SeriesStore; dispose: () => Promise<void> }

const { subjectId, metric } = seriesKey()
const selection = { subjectId, metric }

export function describeSeriesStore(name: string, open: (clock: PushedClock) => Promise<OpenedStore>): void {
  describe(`the ${name} series store`, () => {
    let clock: PushedClock
    let opened: OpenedStore
    let store: SeriesStore

    beforeEach(async () => {
      clock = pushedClock()
      opened = await open(clock)
      store = opened.store
    })
    afterEach(async () => {
      await opened.dispose()
    })

    const at = (ms: number) => WEDNESDAY - HOUR_MS + ms
    const window = { ...selection, from: 0, to: WEDNESDAY + DAY_MS }
    const rawSamples = async () =>
      (await store.raw({ ...selection, from: 0, to: WEDNESDAY + DAY_MS }))[0]?.samples ?? []

    describe('taking samples', () => {
      it('gives back what it was given, oldest first', async () => {
        await store.append([entry([[at(2000), 0.5]]), entry([[at(1000), 0.25]])])
        expect(await rawSamples()).toEqual([
          [at(1000), 0.25],
          [at(2000), 0.5],
        ])
      })

      it('takes columns as it takes entries, with keys of its own or of anyone', async () => {
        const [first, second] = [
          seriesKey({ labels: { device: 'a' } }),
          seriesKey({ labels: { device: 'b', area: 'a' } }),
        ]
        const own = store.ownKey({ ...second })
        expect(own).toEqual(second)
        expect(Object.isFrozen(own) && Object.isFrozen(own.labels)).toBe(true)
        const columns = {
          keys: [first, own, first, own, own],
          ats: Float64Array.of(at(1000), at(1000), at(2000), at(1000), at(0) - 31 * DAY_MS),
          values: Float64Array.of(1, 2, -0, 3, 4),
        }
        expect(await store.appendColumns(columns)).toEqual({ stored: 3, duplicates: 1, tooLate: 1, tooEarly: 0 })
        expect(await store.append([{ key: own, samples: [[at(1000), 9]] }])).toMatchObject({ duplicates: 1 })
        const [a] = await store.raw({ ...window, labels: first.labels })
        const [b] = await store.raw({ ...window, labels: second.labels })
        expect(a?.samples).toEqual([
          [at(1000), 1],
          [at(2000), 0],
        ])
        expect(b).toEqual({ key: second, samples: [[at(1000), 2]] })
      })

      it.each([
        ['ats.1', { metric, ats: Float64Array.of(WEDNESDAY, 0.5), values: Float64Array.of(1, 2) }],
        ['values.0', { metric, ats: Float64Array.of(WEDNESDAY, 1), values: Float64Array.of(Number.NaN, 2) }],
        ['must be as long', { metric, ats: Float64Array.of(WEDNESDAY), values: Float64Array.of(1) }],
        ['keys.1.metric', { ats: Float64Array.of(1, 2), values: Float64Array.of(1, 2), metric: '' }],
      ])('refuses columns that are malformed and names the place: %s', async (place, { metric: named, ...columns }) => {
        const keys = [seriesKey(), seriesKey({ metric: named })]
        const refused = store.appendColumns({ keys, ...columns })
        await expect(refused).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(place) })
        expect(await store.listSeries()).toEqual([])
      })

      it('counts the same instant of a series once and keeps the first value', async () => {
        expect(await store.append([entry([[at(1000), 1]])])).toEqual({
          stored: 1,
          duplicates: 0,
          tooLate: 0,
          tooEarly: 0,
        })
        const again = await store.append([
          entry([
            [at(1000), 2],
            [at(2000), 3],
            [at(2000), 4],
          ]),
        ])
        expect(again).toEqual({ stored: 1, duplicates: 2, tooLate: 0, tooEarly: 0 })
        expect(await rawSamples()).toEqual([
          [at(1000), 1],
          [at(2000), 3],
        ])
      })

      it('counts appends that arrive together once each', async () => {
        const reports = await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.append([entry([[at(1000), index]])])),
        )
        expect(reports.reduce((total, { stored }) => total + stored, 0)).toBe(1)
        expect(reports.reduce((total, { duplicates }) => total + duplicates, 0)).toBe(19)
        expect(await rawSamples()).toHaveLength(1)
      })

      it('takes samples up to 30 days late and up to 10 minutes early, and says how many it did not take', async () => {
        const oldest = clock.now() - 30 * DAY_MS
        const newest = clock.now() + 10 * 60_000
        const report = await store.append([
          entry([
            [oldest - 1, 1],
            [oldest, 2],
            [newest, 3],
            [newest + 1, 4],
          ]),
        ])
        expect(report).toEqual({ stored: 2, duplicates: 0, tooLate: 1, tooEarly: 1 })
        expect((await rawSamples()).map(([, value]) => value)).toEqual([2, 3])
      })

      it('makes no series out of samples that it did not take', async () => {
        await store.append([entry([[clock.now() + DAY_MS, 1]])])
        expect(await store.listSeries()).toEqual([])
        expect(await store.size()).toMatchObject({ series: 0, samples: 0 })
      })

      it('takes a large append of many new series whole, and refuses it whole for one mistake at its end', async () => {
        const samples = Array.from({ length: 5 }, (_, index): [number, number] => [at(index), index])
        const large = Array.from({ length: 2_500 }, (_, index) => entry(samples, { labels: { device: `d${index}` } }))
        const mistaken = store.append([...large, entry([[at(0), Number.NaN]])])
        await expect(mistaken).rejects.toMatchObject({ message: expect.stringContaining('entries.2500.samples.0.1') })
        expect(await store.listSeries()).toEqual([])
        expect(await store.append(large)).toMatchObject({ stored: 12_500, duplicates: 0 })
        expect(await store.append(large)).toMatchObject({ stored: 0, duplicates: 12_500 })
        expect(await store.size()).toMatchObject({ series: 2_500, samples: 12_500 })
      })

      it('takes an append of nothing', async () => {
        const nothing = { stored: 0, duplicates: 0, tooLate: 0, tooEarly: 0 }
        expect(await store.append([])).toEqual(nothing)
        expect(await store.append([entry([])])).toEqual(nothing)
      })

      it.each([
        ['a value that is no number', [at(0), Number.NaN], 'entries.1.samples.0.1'],
        ['an infinite value', [at(0), Number.POSITIVE_INFINITY], 'entries.1.samples.0.1'],
        ['half a millisecond', [at(0) + 0.5, 1], 'entries.1.samples.0.0'],
        ['an instant before 1970', [-1, 1], 'entries.1.samples.0.0'],
      ] as const)(
        'refuses %s, names the place and stores nothing of the append',
        async (_, [instant, value], place) => {
          const appended = store.append([entry([[at(0), 1]]), entry([[instant, value]])])
          await expect(appended).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining(place) })
          expect(await store.listSeries()).toEqual([])
        },
      )

      it('keeps very small, very large and negative values to the last bit', async () => {
        const values = [Number.MIN_VALUE, Number.MAX_VALUE, -0.1 - 0.2, 2 ** 53 + 2, 1 / 3, 0]
        await store.append([entry(values.map((value, index) => [at(index), value]))])
        expect((await rawSamples()).map(([, value]) => value)).toEqual(values)
      })
    })

    describe('what is one series', () => {
      it('is told apart by subject, metric, labels and agent, whatever the order of the labels', async () => {
        await store.append([
          entry([[at(0), 1]], { labels: { device: 'sda', mode: 'read' } }),
          entry([[at(1), 2]], { labels: { mode: 'read', device: 'sda' } }),
          entry([[at(0), 3]], { labels: { device: 'sda' } }),
          entry([[at(0), 4]], { labels: { device: 'sda', mode: 'read' }, agentId: 'another-agent' }),
          entry([[at(0), 5]], { labels: { device: 'sda', mode: 'read' }, subjectId: 'another-subject' }),
        ])
        expect(await store.listSeries()).toHaveLength(4)
        const both = await store.raw({
          ...selection,
          labels: { mode: 'read' },
          agentId: seriesKey().agentId,
          from: 0,
          to: at(9),
        })
        expect(both).toHaveLength(1)
        expect(both[0]?.key.labels).toEqual({ device: 'sda', mode: 'read' })
        expect(both[0]?.samples).toEqual([
          [at(0), 1],
          [at(1), 2],
        ])
      })

      it('keeps labels with any text in them', async () => {
        const labels = { mountpoint: '/srv/"data"\n\u0000', name: '🖥️ [","]', empty: '' }
        await store.append([entry([[at(0), 1]], { labels })])
        expect((await store.listSeries())[0]?.labels).toEqual(labels)
        expect(await store.raw({ ...selection, labels, from: 0, to: at(9) })).toHaveLength(1)
        expect(await store.raw({ ...selection, labels: { toString: 'x' }, from: 0, to: at(9) })).toEqual([])
      })
    })

    describe('the newest samples', () => {
      it('are told for each series, late ones never take their place', async () => {
        await store.append([entry([[at(5000), 5]]), entry([[at(100), 7]], { metric: 'memory_used_ratio' })])
        await store.append([entry([[at(1000), 1]])])
        const latest = await store.latest()
        expect(latest.map(({ key, at, value }) => [key.metric, at, value]).sort()).toEqual([
          ['cpu_busy_ratio', at(5000), 5],
          ['memory_used_ratio', at(100), 7],
        ])
      })

      it('are chosen by subjects and metrics', async () => {
        for (const subject of ['a', 'b', 'c']) {
          for (const name of ['x', 'y']) await store.append([entry([[at(0), 1]], { subjectId: subject, metric: name })])
        }
        const found = await store.latest({ subjectIds: ['a', 'c', 'a', 'nobody'], metrics: ['y'] })
        expect(found.map(({ key }) => key.subjectId + key.metric).sort()).toEqual(['ay', 'cy'])
        expect(await store.latest({ subjectIds: [] })).toEqual([])
        expect(await store.listSeries({ subjectIds: ['b'] })).toHaveLength(2)
      })
    })

    describe('a window', () => {
      const minute = Math.floor(at(0) / 60_000) * 60_000

      it('is cut at multiples of the step; gaps are null; the end is not part of it', async () => {
        await store.append([
          entry([
            [minute, 1],
            [minute + 59_999, 3],
            [minute + 120_000, 10],
            [minute + 180_000, 99],
          ]),
        ])
        const [series] = await store.range({
          ...selection,
          from: minute,
          to: minute + 180_000,
          stepMs: 60_000,
          aggregate: 'avg',
        })
        expect(series?.points).toEqual([
          [minute, 2],
          [minute + 60_000, null],
          [minute + 120_000, 10],
        ])
      })

      it('that begins within a step has that step first, with only what is inside the window', async () => {
        await store.append([
          entry([
            [minute + 10_000, 1],
            [minute + 30_000, 5],
            [minute + 70_000, 7],
            [minute + 80_000, 9],
          ]),
        ])
        const from = minute + 30_000
        const [series] = await store.range({ ...selection, from, to: from + 45_000, stepMs: 60_000, aggregate: 'sum' })
        expect(series?.points).toEqual([
          [minute, 5],
          [minute + 60_000, 7],
        ])
      })

      it.each([
        ['avg', 4],
        ['min', -2],
        ['max', 11],
        ['last', 3],
        ['sum', 12],
        ['count', 3],
      ] as const)('has %s', async (aggregate, expected) => {
        await store.append([
          entry([
            [minute + 3, 3],
            [minute + 1, -2],
            [minute + 2, 11],
          ]),
        ])
        const [series] = await store.range({
          ...selection,
          from: minute,
          to: minute + 60_000,
          stepMs: 60_000,
          aggregate,
        })
        expect(series?.points).toEqual([[minute, expected]])
      })

      it('crosses the end of a week, also within one step', async () => {
        const monday = Date.UTC(2026, 10, 16)
        await store.append([
          entry([
            [monday - 2, 4],
            [monday - 1, 1],
            [monday, 2],
            [monday + 1, 3],
          ]),
        ])
        const stepMs = 7 * DAY_MS
        const week = Math.floor(monday / stepMs) * stepMs
        for (const [aggregate, expected] of [
          ['avg', 2.5],
          ['last', 3],
          ['min', 1],
          ['max', 4],
          ['count', 4],
        ] as const) {
          const [series] = await store.range({ ...selection, from: week, to: week + stepMs, stepMs, aggregate })
          expect(series?.points).toEqual([[week, expected]])
        }
      })

      it('without a sample in it leaves the series out; an empty window is empty', async () => {
        await store.append([entry([[minute, 1]])])
        const query = { ...selection, stepMs: 60_000, aggregate: 'avg' } as const
        expect(await store.range({ ...query, from: minute + 60_000, to: minute + 120_000 })).toEqual([])
        expect(await store.range({ ...query, from: minute, to: minute })).toEqual([])
        expect(await store.range({ ...query, metric: 'nothing', from: minute, to: minute + 60_000 })).toEqual([])
      })

      it('may have 10,000 steps and no more; the refusal says which step would do', async () => {
        await store.append([entry([[minute, 1]])])
        const query = { ...selection, stepMs: 1000, aggregate: 'avg' } as const
        const [full] = await store.range({ ...query, from: minute, to: minute + 10_000_000 })
        expect(full?.points).toHaveLength(10_000)
        const over = store.range({ ...query, from: minute, to: minute + 10_000_001 })
        await expect(over).rejects.toMatchObject({
          code: 'query-too-large',
          message: expect.stringMatching(/10001 steps.*at most 10000.*1001 ms/),
        })
        const [coarser] = await store.range({ ...query, from: minute, to: minute + 10_000_001, stepMs: 1001 })
        expect(coarser?.points.length).toBeLessThanOrEqual(10_000)
      })

      it.each([
        [{ from: 10, to: 5 }],
        [{ from: -5, to: 5 }],
        [{ from: 0.5, to: 5 }],
        [{ stepMs: 0 }],
        [{ stepMs: 1.5 }],
      ])('with %j is refused', async change => {
        const query = { ...selection, from: 0, to: 10, stepMs: 5, aggregate: 'avg' as const, ...change }
        await expect(store.range(query)).rejects.toMatchObject({ code: 'bad-input' })
      })
    })

    describe('letting go', () => {
      const monday = Date.UTC(2026, 10, 16)

      it('forgets whole weeks and what lies before the given instant, and takes neither again', async () => {
        await store.append([
          entry([
            [monday - DAY_MS, 1],
            [monday, 2],
            [monday + DAY_MS, 3],
          ]),
          entry([[monday + 1, 9]], { metric: 'gone' }),
        ])
        await store.forgetBefore(monday + 2)
        expect(await rawSamples()).toEqual([[monday + DAY_MS, 3]])
        expect((await store.listSeries()).map(key => key.metric)).toEqual([metric])
        expect(await store.append([entry([[monday + 1, 5]])])).toMatchObject({ stored: 0, tooLate: 1 })
        const window = { ...selection, from: monday - DAY_MS, to: monday + 2 * DAY_MS, stepMs: DAY_MS }
        const [series] = await store.range({ ...window, aggregate: 'sum' })
        expect(series?.points.map(([, value]) => value)).toEqual([null, null, 3])
      })

      it('gives the numbers of what is left', async () => {
        await store.append([entry([[monday - 1, 1]]), entry([[monday, 2]], { metric: 'other' })])
        expect(await store.size()).toMatchObject({ series: 2, samples: 2 })
        await store.forgetBefore(monday)
        expect(await store.size()).toMatchObject({ series: 1, samples: 1 })
        await store.forgetBefore(monday - DAY_MS)
        expect(await store.append([entry([[monday - 1, 1]])])).toMatchObject({ tooLate: 1 })
      })
    })

    it('is healthy while open; after closing it refuses and says so', async () => {
      expect(await store.check()).toEqual({ ok: true, problems: [] })
      await store.close()
      await store.close()
      await expect(store.append([entry([[at(0), 1]])])).rejects.toMatchObject({ code: 'closed' })
      await expect(store.latest()).rejects.toMatchObject({ code: 'closed' })
      expect(await store.check()).toMatchObject({ ok: false, problems: [{ code: 'closed' }] })
    })
  })
}
