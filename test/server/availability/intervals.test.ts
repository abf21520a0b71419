import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clip, gaps, type Interval, intersection, totalMs, union } from '../../../server/availability/intervals.ts'

/** The naive model: a time is a set of its milliseconds. */
const SPAN_MS = 60
const within = (intervals: readonly Interval[], at: number) => intervals.some(({ from, to }) => at >= from && at < to)
const milliseconds = (holds: (at: number) => boolean) =>
  Array.from({ length: SPAN_MS }, (_, at) => at).filter(at => holds(at))

const instant = fc.integer({ min: 0, max: SPAN_MS })
/** Also empty and backward ones: they hold no time. */
const interval = fc.record({ from: instant, to: instant })
const intervals = fc.array(interval, { maxLength: 8 })
const window = fc.tuple(instant, instant).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))

function expectTidy(found: readonly Interval[]) {
  for (const [index, { from, to }] of found.entries()) {
    expect(to).toBeGreaterThan(from)
    const before = found[index - 1]
    if (before !== undefined) expect(from).toBeGreaterThan(before.to)
  }
}

describe('arithmetic on intervals, against sets of milliseconds', () => {
  it('joins', () => {
    fc.assert(
      fc.property(intervals, some => {
        const joined = union(some)
        expectTidy(joined)
        expect(milliseconds(at => within(joined, at))).toEqual(milliseconds(at => within(some, at)))
      }),
    )
  })

  it('cuts to a window', () => {
    fc.assert(
      fc.property(intervals, window, (some, cut) => {
        const inside = clip(some, cut)
        expectTidy(inside)
        expect(milliseconds(at => within(inside, at))).toEqual(
          milliseconds(at => within(some, at) && within([cut], at)),
        )
      }),
    )
  })

  it('finds what is left open', () => {
    fc.assert(
      fc.property(intervals, window, (some, whole) => {
        const open = gaps(some, whole)
        expectTidy(open)
        expect(milliseconds(at => within(open, at))).toEqual(
          milliseconds(at => within([whole], at) && !within(some, at)),
        )
      }),
    )
  })

  it('finds what two share', () => {
    fc.assert(
      fc.property(intervals, intervals, (left, right) => {
        const both = intersection(left, right)
        expect(milliseconds(at => within(both, at))).toEqual(milliseconds(at => within(left, at) && within(right, at)))
        expect(intersection(right, left)).toEqual(both)
      }),
    )
  })

  it('counts time once, however often it is covered', () => {
    fc.assert(
      fc.property(intervals, some => {
        expect(totalMs(some)).toBe(milliseconds(at => within(some, at)).length)
      }),
    )
  })

  it('leaves what it is given as it was', () => {
    const given = Object.freeze([Object.freeze({ from: 5, to: 9 }), Object.freeze({ from: 1, to: 6 })])
    expect(union(given)).toEqual([{ from: 1, to: 9 }])
    expect(given).toEqual([
      { from: 5, to: 9 },
      { from: 1, to: 6 },
    ])
  })
})
