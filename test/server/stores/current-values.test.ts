import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCurrentValues } from '../../../server/stores/current-values.ts'

const HOUR_MS = 3_600_000
const disk = (mountpoint: string, at: number, value: number) => ({ metric: 'used', labels: { mountpoint }, at, value })

describe('current values', () => {
  it('keep the newest of each series, whether a metric has one or several', () => {
    const current = createCurrentValues()
    current.put('a', disk('/', 2, 0.5))
    current.put('a', disk('/', 1, 0.4))
    expect(current.of('a', 'used')).toEqual([disk('/', 2, 0.5)])
    current.put('a', disk('/home', 2, 0.1))
    current.put('a', disk('/', 3, 0.6))
    current.put('a', { metric: 'load', labels: {}, at: 3, value: 1 })
    current.put('b', disk('/', 1, 0.9))
    expect(current.of('a', 'used')).toEqual([disk('/', 3, 0.6), disk('/home', 2, 0.1)])
    expect(current.all('a')).toHaveLength(3)
    expect(current.of('b', 'used')).toEqual([disk('/', 1, 0.9)])
    expect(current.of('b', 'load')).toEqual([])
  })

  it('let go of a series that fell silent a day ago while its subject speaks on', () => {
    const current = createCurrentValues()
    current.put('a', disk('/', 0, 0.5))
    current.put('a', disk('/mnt', 0, 0.5))
    current.put('a', { metric: 'gone', labels: {}, at: 0, value: 1 })
    for (let hour = 1; hour <= 26; hour++) current.put('a', disk('/', hour * HOUR_MS, 0.5))
    expect(current.all('a')).toEqual([disk('/', 26 * HOUR_MS, 0.5)])
  })
})

it('many at once are the same as one after another, whatever series come and go', () => {
  const series = ['a', 'b', 'c'].flatMap(metric =>
    [{}, { disk: 'x' }, { disk: 'y' }].map(labels => ({ metric, labels: labels as Record<string, string> })),
  )
  const hours = 3_600_000
  const told = fc.record({
    series: fc.subarray(series),
    again: fc.boolean(),
    at: fc.constantFrom(1, 2, 3, 2 * hours, 30 * hours, 60 * hours),
    value: fc.integer(),
  })
  fc.assert(
    fc.property(fc.array(told, { maxLength: 12 }), steps => {
      const [one, all] = [createCurrentValues(), createCurrentValues()]
      let last = series
      for (const { again, at, value, ...step } of steps) {
        // An agent mostly tells the very list that it told before.
        last = again ? last : step.series
        const latest = at + 1
        for (const [place, { metric, labels }] of last.entries()) {
          one.put('s', { metric, labels, at: Math.min(at + place, latest), value: value + place })
        }
        const ats = last.map((_, place) => at + place)
        all.putAll('s', { series: last, ats, values: last.map((_, place) => value + place), latest })
        expect(all.all('s')).toEqual(one.all('s'))
      }
    }),
  )
})
