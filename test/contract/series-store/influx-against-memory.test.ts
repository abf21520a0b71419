// The store on InfluxDB answers like the plain maps of the memory store, whatever is thrown at both, and through kill -9.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AGGREGATES } from '../../../protocol/vocabulary.ts'
import { createInfluxSeriesStore } from '../../../server/stores/series/influx/influx-series-store.ts'
import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { seriesKeyText } from '../../../server/stores/series/series-key.ts'
import type { SeriesKey } from '../../../server/stores/series/series-store.ts'
import { type Influxd, startInfluxd } from '../../support/influxd.ts'
import { DAY_MS, pushedClock, seriesKey, WEDNESDAY } from './support.ts'

let influxd: Influxd
let databases = 0
beforeAll(async () => {
  influxd = await startInfluxd()
})
afterAll(() => influxd.remove())

// Names that mean something to line protocol, to InfluxQL, to JavaScript or to the store itself.
const odd = fc.constantFrom('a', 'ü"', "it's", 'C:\\', '%', '%25', '', 'x y,z=1', '#', '\n', 'drop "m"; --')
const label = fc.constantFrom(
  'device',
  '__proto__',
  'mode',
  'time',
  'value',
  'subject',
  'label_mode',
  'host name',
  '名',
)
const key = fc
  .record({
    subjectId: fc.constantFrom('s1', "s'2"),
    metric: fc.constantFrom('m1', 'm"2 x,y'),
    labels: fc.dictionary(label, odd, { maxKeys: 2 }),
    agentId: fc.constantFrom('g1', 'g\\2'),
  })
  .map(seriesKey)
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
const window = fc
  .record({
    subjectId: fc.constantFrom<string | string[]>('s1', "s'2", ['s1', "s'2"]),
    metric: fc.constantFrom<string | string[]>('m1', ['m1', 'm"2 x,y']),
    bounds: fc.tuple(instant, instant),
    stepMs: fc.constantFrom(7 * 60_000, 3_600_000, DAY_MS, 7 * DAY_MS, 31 * DAY_MS),
  })
  .map(({ bounds, ...rest }) => ({ ...rest, from: Math.min(...bounds), to: Math.max(...bounds) }))
const question = fc.record({
  window,
  aggregate: fc.constantFrom(...AGGREGATES),
  as: fc.constantFrom('increase' as const, 'rate' as const),
  percentile: fc.constantFrom(50, 95),
})
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('append' as const), groups: fc.array(entries, { maxLength: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('push' as const), ms: fc.integer({ min: 1, max: DAY_MS }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), at: instant }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** The order of series and of labels is free. */
function sorted<T extends { key: SeriesKey }>(answer: T[]): [string, Omit<T, 'key'>][] {
  return answer
    .map(({ key, ...rest }): [string, Omit<T, 'key'>] => [seriesKeyText(key), rest])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

async function playBoth(steps: Step[], questions: Question[]): Promise<void> {
  databases += 1
  const database = `both_${databases}`
  const clock = pushedClock()
  const memory = createMemorySeriesStore({ now: clock.now })
  const open = () =>
    createInfluxSeriesStore({ url: influxd.url, database, username: null, password: null, now: clock.now, groupMs: 1 })
  let influx = open()
  for (const action of steps) {
    if (action.kind === 'append') {
      const expected = []
      for (const group of action.groups) expected.push(await memory.append(group))
      expect(await Promise.all(action.groups.map(group => influx.append(group)))).toEqual(expected)
    } else if (action.kind === 'push') {
      clock.push(action.ms)
    } else if (action.kind === 'forget') {
      await influx.forgetBefore(action.at)
      await memory.forgetBefore(action.at)
    } else {
      await influx.close()
      influx = open()
    }
  }
  expect(sorted(await influx.latest())).toEqual(sorted(await memory.latest()))
  expect((await influx.listSeries()).map(seriesKeyText).sort()).toEqual(
    (await memory.listSeries()).map(seriesKeyText).sort(),
  )
  const { series, samples } = await memory.size()
  expect(await influx.size()).toMatchObject({ series, samples })
  for (const { window: asked, aggregate, as, percentile } of questions) {
    const range = { ...asked, aggregate }
    expect(sorted(await influx.range(range))).toEqual(sorted(await memory.range(range)))
    expect(sorted(await influx.raw(asked))).toEqual(sorted(await memory.raw(asked)))
    expect(sorted(await influx.growth({ ...asked, as }))).toEqual(sorted(await memory.growth({ ...asked, as })))
    const ranked = { ...asked, percentile, of: { aggregate } }
    expect(sorted(await influx.percentile(ranked))).toEqual(sorted(await memory.percentile(ranked)))
  }
  await influx.close()
  await influxd.query('', `DROP DATABASE ${database}`)
}

describe('the store on InfluxDB against the memory store', () => {
  it('reports, keeps, finds and aggregates the same', { timeout: 90_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 10 }),
        fc.array(question, { minLength: 3, maxLength: 5 }),
        playBoth,
      ),
      { numRuns: 25, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    )
  })
})
