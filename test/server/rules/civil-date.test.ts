import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addMonths,
  civilDateOf,
  dateOfDay,
  dayNumber,
  endOfPeriod,
  startOfDay,
} from '../../../server/rules/civil-date.ts'

const anyDay = fc.integer({ min: dayNumber('2000-01-01'), max: dayNumber('2099-12-31') }).map(dateOfDay)
const zone = fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura')

describe('a day of the calendar', () => {
  it('begins at its own midnight in each zone of the country, and ends a millisecond before the next', () => {
    expect(startOfDay('2026-11-22', 'Asia/Makassar')).toBe(Date.UTC(2026, 10, 21, 16))
    fc.assert(
      fc.property(anyDay, zone, (date, timeZone) => {
        const begins = startOfDay(date, timeZone)
        expect(civilDateOf(begins, timeZone)).toBe(date)
        expect(civilDateOf(begins - 1, timeZone)).toBe(dateOfDay(dayNumber(date) - 1))
      }),
      { numRuns: 50 },
    )
  })

  it('stays the same day of the month, or the last there is', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28')
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 120 }), (date, months) => {
        const later = addMonths(date, months)
        const count = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
        expect(count(later) - count(date)).toBe(months)
        expect(later.slice(8) <= date.slice(8)).toBe(true)
      }),
    )
  })

  it('lies in a month, a quarter, a year; longer periods are counted from their first year', () => {
    expect(endOfPeriod('2026-11-22', 1)).toBe('2026-11-30')
    expect(endOfPeriod('2026-11-22', 3)).toBe('2026-12-31')
    expect(endOfPeriod('2026-11-22', 12, 1)).toBe('2027-12-31')
    expect(endOfPeriod('2024-01-01', 24)).toBe('2025-12-31')
    expect(endOfPeriod('2026-03-02', 24, 1)).toBe('2028-12-31')
  })
})
