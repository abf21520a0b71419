import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addNumber, hasNumber, mergeRanges, type NumberRanges } from '../../../server/ingest/number-ranges.ts'

const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 80 })

function rangesOf(list: readonly number[]): NumberRanges {
  return list.reduce<NumberRanges>((ranges, number) => addNumber(ranges, number)?.ranges ?? ranges, [])
}

/** The only form a set of numbers has. */
function expectCanonical(ranges: NumberRanges): void {
  for (const [index, [first, last]] of ranges.entries()) {
    expect(first).toBeLessThanOrEqual(last)
    const before = ranges[index - 1]
    if (before !== undefined) expect(first).toBeGreaterThan(before[1] + 1)
  }
}

describe('the numbers of accepted batches', () => {
  it('stay one range while they come in order', () => {
    expect(rangesOf([1, 2, 3, 4])).toEqual([[1, 4]])
  })

  it('close a gap when what was missing comes late', () => {
    const withGap = rangesOf([1, 2, 4, 5])
    expect(withGap).toEqual([
      [1, 2],
      [4, 5],
    ])
    expect(addNumber(withGap, 3)).toEqual({ ranges: [[1, 5]], put: [1, 5], removed: [4] })
  })

  it('hold exactly what was added, whatever the order, in as few ranges as can be', () => {
    fc.assert(
      fc.property(numbers, list => {
        const ranges = rangesOf(list)
        const set = new Set(list)
        for (let number = 0; number <= 61; number++) expect(hasNumber(ranges, number)).toBe(set.has(number))
        expectCanonical(ranges)
        const starts = [...set].filter(number => !set.has(number - 1)).length
        expect(ranges).toHaveLength(starts)
      }),
    )
  })

  it('tell whether a number is new, and which rows of a table change for it', () => {
    fc.assert(
      fc.property(numbers, list => {
        let ranges: NumberRanges = []
        const table = new Map<number, number>()
        for (const number of list) {
          const isNew = !hasNumber(ranges, number)
          const added = addNumber(ranges, number)
          expect(added !== null).toBe(isNew)
          if (added === null) continue
          for (const first of added.removed) table.delete(first)
          table.set(...added.put)
          ranges = added.ranges
          expect([...table].sort(([a], [b]) => a - b)).toEqual(ranges)
        }
      }),
    )
  })

  it('of two sets merge into one', () => {
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const merged = mergeRanges(rangesOf(one), rangesOf(other))
        expect(merged).toEqual(rangesOf([...one, ...other]))
      }),
    )
  })
})
