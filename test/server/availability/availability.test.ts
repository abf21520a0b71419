import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureAvailability } from '../../../server/availability/availability.ts'
import type { Interval } from '../../../server/availability/intervals.ts'

const HOUR_MS = 3_600_000
const MIDNIGHT = Date.UTC(2026, 10, 20, 17)
/** An interval of the day by its hours. */
const hours = (from: number, to: number): Interval => ({ from: MIDNIGHT + from * HOUR_MS, to: MIDNIGHT + to * HOUR_MS })
const day = hours(0, 24)

describe('a day of a server, by hand', () => {
  it('a quiet day is all up', () => {
    const quiet = measureAvailability({ window: day, up: [day], down: [], watched: [day] })
    expect(quiet).toEqual({ ...day, upMs: 24 * HOUR_MS, outageMs: 0, unobservedMs: 0, uptimeRatio: 1 })
  })

  it('silence while the collector watched is an outage; while it was off, nobody knows', () => {
    // Silent 2-3 (watched) and 10-13, of which the collector slept 11-13.
    const measured = measureAvailability({
      window: day,
      up: [hours(0, 2), hours(3, 10), hours(13, 24)],
      down: [],
      watched: [hours(0, 11), hours(13, 24)],
    })
    expect(measured).toEqual({
      ...day,
      upMs: 20 * HOUR_MS,
      outageMs: 2 * HOUR_MS,
      unobservedMs: 2 * HOUR_MS,
      uptimeRatio: 20 / 22,
    })
  })

  it('what a spool brings of the time in which the collector was off counts as up', () => {
    const measured = measureAvailability({ window: day, up: [day], down: [], watched: [hours(0, 11), hours(13, 24)] })
    expect(measured).toMatchObject({ upMs: 24 * HOUR_MS, outageMs: 0, unobservedMs: 0, uptimeRatio: 1 })
  })

  it('a known stop of the machine is an outage even if nobody watched, and counts once where somebody did', () => {
    const measured = measureAvailability({
      window: day,
      up: [hours(0, 10), hours(13, 24)],
      down: [hours(10, 13)],
      watched: [hours(0, 11), hours(13, 24)],
    })
    expect(measured).toMatchObject({ upMs: 21 * HOUR_MS, outageMs: 3 * HOUR_MS, unobservedMs: 0, uptimeRatio: 21 / 24 })
  })

  it('a word heard overrules a stop that was believed', () => {
    const measured = measureAvailability({ window: day, up: [day], down: [hours(3, 4)], watched: [day] })
    expect(measured).toMatchObject({ upMs: 24 * HOUR_MS, outageMs: 0 })
  })

  it('nothing seen gives no figure, not a good one', () => {
    const blind = measureAvailability({ window: day, up: [], down: [], watched: [] })
    expect(blind).toMatchObject({ upMs: 0, outageMs: 0, unobservedMs: 24 * HOUR_MS, uptimeRatio: null })
    const empty = measureAvailability({ window: hours(5, 5), up: [day], down: [], watched: [day] })
    expect(empty).toMatchObject({ upMs: 0, outageMs: 0, unobservedMs: 0, uptimeRatio: null })
    const backward = measureAvailability({ window: hours(5, 4), up: [day], down: [], watched: [day] })
    expect(backward).toMatchObject({ upMs: 0, outageMs: 0, unobservedMs: 0, uptimeRatio: null })
  })
})

it('up, outage and unobserved always add up to the window', () => {
  const instant = fc.integer({ min: 0, max: 50 })
  const intervals = fc.array(fc.record({ from: instant, to: instant }), { maxLength: 5 })
  fc.assert(
    fc.property(intervals, intervals, intervals, instant, fc.nat(40), (up, down, watched, from, lengthMs) => {
      const window = { from, to: from + lengthMs }
      const measured = measureAvailability({ window, up, down, watched })
      expect(measured.upMs + measured.outageMs + measured.unobservedMs).toBe(lengthMs)
      expect(Math.min(measured.upMs, measured.outageMs, measured.unobservedMs)).toBeGreaterThanOrEqual(0)
      if (measured.uptimeRatio === null) expect(measured.upMs + measured.outageMs).toBe(0)
      else expect(measured.uptimeRatio).toBeCloseTo(measured.upMs / (measured.upMs + measured.outageMs), 12)
    }),
  )
})
