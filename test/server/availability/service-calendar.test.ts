import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Period } from '../../../protocol/vocabulary.ts'
import { type Interval, totalMs } from '../../../server/availability/intervals.ts'
import {
  momentAt,
  periodAround,
  periodsOf,
  type ServiceCalendar,
  serviceTime,
} from '../../../server/availability/service-calendar.ts'

const HOUR_MS = 3_600_000
const utc = (text: string) => Date.parse(`${text}Z`)
const weekday = [{ from: '07:30', to: '16:00' }]
const OFFICE: ServiceCalendar = {
  kind: 'hours',
  hours: {
    ...{ monday: weekday, tuesday: weekday, wednesday: weekday, thursday: weekday },
    friday: [
      { from: '07:30', to: '11:30' },
      { from: '13:00', to: '16:30' },
    ],
  },
  holidays: ['2026-11-25'],
}
// Monday 23 to Sunday 29 November 2026, by the calendars of three cities.
const week = (zone: string): Interval => ({
  from: momentAt('2026-11-23', '00:00', zone),
  to: momentAt('2026-11-30', '00:00', zone),
})

describe('when a service is owed', () => {
  it('opens at half past seven by the clock on the wall, in Jakarta, Makassar and Jayapura', () => {
    const opens = ['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'].map(
      zone => serviceTime(OFFICE, week(zone), zone)[0]?.from,
    )
    expect(opens).toEqual([utc('2026-11-23T00:30'), utc('2026-11-22T23:30'), utc('2026-11-22T22:30')])
  })

  it('a week with a holiday has three whole days and a Friday with its prayer', () => {
    const open = serviceTime(OFFICE, week('Asia/Jakarta'), 'Asia/Jakarta')
    expect(totalMs(open)).toBe((3 * 8.5 + 4 + 3.5) * HOUR_MS)
    expect(open).toHaveLength(5)
    expect(open.some(({ from }) => from === utc('2026-11-25T00:30'))).toBe(false)
  })

  it('is cut to the window, and a whole day may end at 24:00', () => {
    const window = { from: utc('2026-11-23T02:00'), to: utc('2026-11-23T03:00') }
    expect(serviceTime(OFFICE, window, 'Asia/Jakarta')).toEqual([window])
    const round: ServiceCalendar = { kind: 'hours', hours: { monday: [{ from: '00:00', to: '24:00' }] }, holidays: [] }
    expect(totalMs(serviceTime(round, week('Asia/Makassar'), 'Asia/Makassar'))).toBe(24 * HOUR_MS)
    expect(serviceTime({ kind: 'always' }, window, 'Asia/Jakarta')).toEqual([window])
  })
})

describe('days, months and years of a city', () => {
  it('November of Makassar begins an hour before that of Jakarta', () => {
    const at = utc('2026-11-22T06:00')
    expect(periodAround(at, 'month', 'Asia/Jakarta')).toEqual({
      from: utc('2026-10-31T17:00'),
      to: utc('2026-11-30T17:00'),
    })
    expect(periodAround(at, 'month', 'Asia/Makassar')).toEqual({
      from: utc('2026-10-31T16:00'),
      to: utc('2026-11-30T16:00'),
    })
  })

  it('a window is cut into months with their names', () => {
    const window = { from: utc('2026-11-22T06:00'), to: utc('2027-01-02T00:00') }
    expect(periodsOf(window, 'month', 'Asia/Jakarta').map(({ label }) => label)).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
    ])
    expect(periodsOf(window, 'year', 'Asia/Jakarta').map(({ label }) => label)).toEqual(['2026', '2027'])
    expect(periodsOf(window, 'day', 'Asia/Jakarta')).toHaveLength(42)
  })

  it('in any zone, also one that turns its clocks, the pieces follow each other without a hole', () => {
    const zone = fc.constantFrom(
      'Asia/Jakarta',
      'Asia/Makassar',
      'Asia/Jayapura',
      'Europe/Amsterdam',
      'America/Santiago',
    )
    const from = fc.integer({ min: utc('2024-01-01'), max: utc('2028-01-01') })
    fc.assert(
      fc.property(
        zone,
        from,
        fc.nat(100 * 24 * HOUR_MS),
        fc.constantFrom<Period>('day', 'month', 'year'),
        (place, start, lengthMs, period) => {
          const window = { from: start, to: start + lengthMs }
          const pieces = periodsOf(window, period, place)
          expect(pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0)).toBe(lengthMs)
          for (const [index, piece] of pieces.entries()) {
            expect(piece.from).toBe(pieces[index - 1]?.to ?? window.from)
            const whole = periodAround(piece.from, period, place)
            expect(piece.from >= whole.from && piece.to <= whole.to).toBe(true)
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})
