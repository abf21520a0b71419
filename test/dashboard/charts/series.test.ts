import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RANGE_MS, RANGES, windowOf } from '../../../dashboard/src/charts/ranges.ts'
import {
  extendTail,
  joinTail,
  type Point,
  type Series,
  seriesKey,
  seriesOf,
  standAlone,
  withGaps,
} from '../../../dashboard/src/charts/series.ts'
import { byteTicks, timeTicks } from '../../../dashboard/src/charts/ticks.ts'
import type { RangeView } from '../../../protocol/server-views.ts'
import { NOON } from '../support.ts'

const HOUR = 3_600_000
const load = (points: Point[]): Map<string, Series> =>
  new Map([[seriesKey('node_load1', {}), { metric: 'node_load1', labels: {}, points }]])
const sample = (...points: [number, number][]) => ({
  serverId: 'a',
  series: [{ metric: 'node_load1', labels: {}, points }],
})

test('a point with nothing beside it is known, so that it can be drawn as one', () => {
  const points: Point[] = [
    [0, 1],
    [1, null],
    [2, 2],
    [3, 3],
    [4, null],
    [5, 0],
  ]
  expect(standAlone(points)).toEqual([true, false, false, false, false, true])
  expect(standAlone([])).toEqual([])
})

describe('the window of a graph', () => {
  test('covers the whole range up to now in few steps, none finer than the agent’s rhythm', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RANGES),
        fc.constantFrom(1_000, 10_000, 60_000, 600_000),
        fc.integer({ min: 0, max: HOUR }),
        (range, intervalMs, later) => {
          const at = NOON + later
          const { from, to, stepMs } = windowOf(range, at, intervalMs)
          expect(from).toBeLessThanOrEqual(at - RANGE_MS[range])
          expect(to).toBeGreaterThanOrEqual(at)
          expect((to - from) / stepMs).toBeLessThanOrEqual(362)
          expect(stepMs).toBeGreaterThanOrEqual(intervalMs)
          expect(from % stepMs).toBe(0)
        },
      ),
    )
  })
})

describe('a gap', () => {
  test('is drawn as a gap', () => {
    expect(
      withGaps(
        [
          [0, 1],
          [10, 2],
          [20, null],
          [30, null],
          [40, null],
          [50, 3],
        ],
        30,
      ),
    ).toEqual([
      [0, 1],
      [10, 2],
      [11, null],
      [50, 3],
    ])
  })

  test('a single missed bucket is jitter, no gap', () => {
    expect(
      withGaps(
        [
          [0, 1],
          [10, null],
          [20, 2],
        ],
        30,
      ),
    ).toEqual([
      [0, 1],
      [20, 2],
    ])
  })

  test('never invents a value and never loses one', () => {
    const points = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.option(fc.integer({ min: 0, max: 9 }))), {
        selector: ([at]) => at,
      })
      .map(list => list.sort(([a], [b]) => a - b))
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 100 }), (list, maxGapMs) => {
        expect(withGaps(list, maxGapMs).filter(([, value]) => value !== null)).toEqual(
          list.filter(([, value]) => value !== null),
        )
      }),
    )
  })
})

describe('live samples behind the loaded ones', () => {
  test('are averaged into the same buckets', () => {
    const tail = extendTail(new Map(), sample([60_000, 2], [70_000, 4], [120_000, 8]), 0)
    expect(joinTail(load([[0, 1]]), tail, 60_000).get(seriesKey('node_load1', {}))?.points).toEqual([
      [0, 1],
      [60_000, 3],
      [120_000, 8],
    ])
  })

  test('that came twice count once, and old ones are forgotten', () => {
    const once = extendTail(new Map(), sample([10, 1], [20, 2]), 0)
    const twice = extendTail(once, sample([20, 2], [30, 3]), 15)
    expect([...twice.values()][0]?.points).toEqual([
      [20, 2],
      [30, 3],
    ])
  })

  test('do not overrule what was loaded', () => {
    const tail = extendTail(new Map(), sample([60_000, 100]), 0)
    const points: Point[] = [
      [0, 1],
      [60_000, 5],
    ]
    expect(joinTail(load(points), tail, 60_000).get(seriesKey('node_load1', {}))?.points).toEqual(points)
  })

  test('take the place of buckets that were still empty at the load', () => {
    const tail = extendTail(new Map(), sample([120_000, 7]), 0)
    const joined = joinTail(
      load([
        [0, 1],
        [60_000, null],
        [120_000, null],
      ]),
      tail,
      60_000,
    )
    expect(joined.get(seriesKey('node_load1', {}))?.points).toEqual([
      [0, 1],
      [120_000, 7],
    ])
  })

  test('of a series that nobody had before begin one', () => {
    const tail = extendTail(new Map(), sample([60_000, 2]), 0)
    expect(joinTail(new Map(), tail, 60_000).size).toBe(1)
  })
})

test('two agents that saw the same are not added up: the one that saw more counts', () => {
  const series = (agentId: string, points: [number, number | null][]) => ({
    metric: 'node_load1',
    labels: { b: '1', a: '2' },
    agentId,
    points,
  })
  const view: RangeView = {
    from: 0,
    to: 20,
    stepMs: 10,
    series: [
      series('x', [
        [0, 1],
        [10, null],
      ]),
      series('y', [
        [0, 1],
        [10, 2],
      ]),
    ],
  }
  expect([...seriesOf([view]).values()].map(one => one.points)).toEqual([
    [
      [0, 1],
      [10, 2],
    ],
  ])
})

describe('ticks', () => {
  test('of time fall on round local times', () => {
    const jakarta = 7 * HOUR
    const { at, stepMs } = timeTicks(NOON - 24 * HOUR, NOON, 8, jakarta)
    expect(stepMs).toBe(3 * HOUR)
    for (const tick of at) expect((tick + jakarta) % (3 * HOUR)).toBe(0)
    const days = timeTicks(NOON - 30 * 24 * HOUR, NOON, 8, jakarta)
    for (const tick of days.at) expect((tick + jakarta) % (24 * HOUR)).toBe(0)
  })

  test('of bytes are binary and cover the largest value', () => {
    const GiB = 1024 ** 3
    expect(byteTicks(62.8 * GiB).map(tick => tick / GiB)).toEqual([0, 16, 32, 48, 64])
    expect(byteTicks(0)).toEqual([0, 1])
  })
})
