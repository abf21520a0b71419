import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodFileName, periodOf, periodOfFileName } from '../../../server/stores/series/embedded/period.ts'

describe('the week of an instant', () => {
  it.each([
    ['2026-11-22T23:59:59.999Z', '2026-W47'],
    ['2026-11-23T00:00:00.000Z', '2026-W48'],
    ['2027-01-03T12:00:00.000Z', '2026-W53'],
    ['2027-01-04T00:00:00.000Z', '2027-W01'],
    ['2024-12-30T00:00:00.000Z', '2025-W01'],
    ['2021-01-01T00:00:00.000Z', '2020-W53'],
    ['1970-01-01T00:00:00.000Z', '1970-W01'],
  ])('%s is in %s (ISO 8601)', (text, name) => {
    expect(periodOf(Date.parse(text)).name).toBe(name)
  })

  it('holds the instant, is seven days long, begins where the one before ends and comes back from its file name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4 * 24 * 3_600_000, max: Date.UTC(9990, 0, 1) }), at => {
        const period = periodOf(at)
        expect(period.from <= at && at < period.to).toBe(true)
        expect(period.to - period.from).toBe(7 * 24 * 3_600_000)
        expect(new Date(period.from).getUTCDay()).toBe(1)
        expect(periodOf(period.from - 1).to).toBe(period.from)
        expect(periodOfFileName(periodFileName(period))).toEqual(period)
      }),
    )
  })

  it.each([
    'series.db',
    'series-2026-W00.db',
    'series-2026-W54.db',
    'series-2025-W53.db',
    'series-2026-W47.db-wal',
    'x',
  ])('is not told from %s', name => {
    expect(periodOfFileName(name)).toBeNull()
  })
})
