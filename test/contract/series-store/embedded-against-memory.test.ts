// The embedded store answers like the plain maps of the memory store, whatever is thrown at both.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AGGREGATES } from '../../../protocol/vocabulary.ts'
import { createEmbeddedSeriesStore } from '../../../server/stores/series/embedded/embedded-series-store.ts'
import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { seriesKeyText } from '../../../server/stores/series/series-key.ts'
import type {
  AppendReport,
  RangeQuery,
  SeriesEntry,
  SeriesKey,
  SeriesStore,
} from '../../../server/stores/series/series-store.ts'
import { DAY_MS, type PushedClock, pushedClock, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const key = fc
  .record({
    subjectId: fc.constantFrom('s1', 's2'),
    metric: fc.constantFrom('m1', 'm2'),
    labels: fc.dictionary(fc.constantFrom('device', '__proto__', 'mode'), fc.constantFrom('a', 'ü"'), { maxKeys: 2 }),
    agentId: fc.constantFrom('g1', 'g2'),
  })
  .map(seriesKey)

// From 33 days ago (too late) to 20 minutes ahead (too early), often on the same instants, on both sides of weeks' ends.
const instant = fc.oneof(
  fc.integer({ min: -33, max: 0 }).map(days => WEDNESDAY + days * DAY_MS),
  fc.integer({ min: -40, max: 20 }).map(minutes => WEDNESDAY + minutes * 60_000),
  fc.integer({ min: -3, max: 3 }).map(ms => Date.UTC(2026, 10, 9) + ms),
)
// Sums of such fractions are exact in any order, so the answers must be equal to the last bit.
const value = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map(thousandths => thousandths / 1024)
const entries = fc.array(fc.record({ key, samples: fc.array(fc.tuple(instant, value), { maxLength: 12 }) }), {
  maxLength: 5,
})
const query = fc
  .record({
    subjectId: fc.constantFrom('s1', 's2', ['s1', 's2']),
    metric: fc.constantFrom('m1', 'm2', ['m2', 'm1']),
    bounds: fc.tuple(instant, instant),
    stepMs: fc.constantFrom(60_000, 7 * 60_000, 900_000, 3_600_000, DAY_MS, 7 * DAY_MS, 31 * DAY_MS),
    aggregate: fc.constantFrom(...AGGREGATES),
  })
  .map(({ bounds, ...rest }) => ({ ...rest, from: Math.min(...bounds), to: Math.max(...bounds) }))
  .filter(({ from, to, stepMs }) => (to - from) / stepMs < 9_000)

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('append' as const), groups: fc.array(entries, { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('push' as const), ms: fc.integer({ min: 1, max: DAY_MS }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), at: instant }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('work' as const),
      slices: fc.constantFrom(1, 2, 5, 20, Number.POSITIVE_INFINITY),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** The order of series and of labels is free. */
function sorted<T extends { key: SeriesKey }>(answer: T[]): [string, Omit<T, 'key'>][] {
  return answer
    .map(({ key, ...rest }): [string, Omit<T, 'key'>] => [seriesKeyText(key), rest])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

type Opened = Pick<
  SeriesStore,
  'latest' | 'listSeries' | 'range' | 'growth' | 'raw' | 'forgetBefore' | 'size' | 'close'
> & {
  appendAtOnce: (groups: SeriesEntry[][]) => Promise<AppendReport[]>
  /** Some slices of what it does by itself; Infinity: all there is. */
  work: (slices: number) => Promise<void>
}
type Open = (directory: string, clock: PushedClock) => Promise<Opened>

const openStore: Open = async (directory, { now }) => {
  const store = await createEmbeddedSeriesStore({ directory, now, groupMs: 1 })
  return {
    ...store,
    appendAtOnce: groups => Promise.all(groups.map(entries => store.append(entries))),
    work: async () => {},
  }
}

/** Without the worker thread it starts at once, so many more histories can be played, and its own work by the slice. */
const openEngine: Open = async (directory, { now }) => {
  const engine = openTestEngine({ directory })
  return {
    ...engine.front,
    appendAtOnce: async groups => engine.appendAtOnce(groups, now()),
    async work(slices) {
      // As the store does once an hour.
      await engine.front.dropNames(engine.retain(now()))
      if (slices === Number.POSITIVE_INFINITY) engine.settle(now())
      else for (let slice = 0; slice < slices; slice++) engine.work(now())
    },
    close: async () => engine.close(),
  }
}

async function playBoth(open: Open, steps: Step[], queries: RangeQuery[]): Promise<void> {
  const clock = pushedClock()
  const directory = temporaryDirectory()
  const memory = createMemorySeriesStore({ now: clock.now })
  let embedded = await open(directory.path, clock)
  try {
    for (const action of steps) {
      if (action.kind === 'append') {
        const expected = []
        for (const entries of action.groups) expected.push(await memory.append(entries))
        expect(await embedded.appendAtOnce(action.groups)).toEqual(expected)
      } else if (action.kind === 'push') {
        clock.push(action.ms)
      } else if (action.kind === 'forget') {
        await embedded.forgetBefore(action.at)
        await memory.forgetBefore(action.at)
      } else if (action.kind === 'work') {
        await embedded.work(action.slices)
      } else {
        await embedded.close()
        embedded = await open(directory.path, clock)
      }
    }
    expect(sorted(await embedded.latest())).toEqual(sorted(await memory.latest()))
    expect((await embedded.listSeries()).map(seriesKeyText).sort()).toEqual(
      (await memory.listSeries()).map(seriesKeyText).sort(),
    )
    expect((await embedded.size()).series).toBe((await memory.size()).series)
    for (const wanted of queries) {
      expect(sorted(await embedded.range(wanted))).toEqual(sorted(await memory.range(wanted)))
      expect(sorted(await embedded.raw(wanted))).toEqual(sorted(await memory.raw(wanted)))
      const growth = { ...wanted, as: 'increase' as const, counterBits: 32 as const }
      expect(sorted(await embedded.growth(growth))).toEqual(sorted(await memory.growth(growth)))
    }
  } finally {
    await embedded.close()
    directory.remove()
  }
}

describe('the embedded series store against the memory store', () => {
  it.each([
    ['as a whole', openStore, 6],
    ['without its thread', openEngine, 80],
  ] as const)('%s reports, keeps, finds and aggregates the same', { timeout: 60_000 }, async (_, open, numRuns) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.array(query, { minLength: 4, maxLength: 8 }),
        (steps, queries) => playBoth(open, steps, queries),
      ),
      { numRuns, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    )
  })
})
