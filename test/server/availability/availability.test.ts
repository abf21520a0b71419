import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connectionOf } from '../../../server/availability/agency-timeline.ts'
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
    expect(quiet).toMatchObject({
      ...day,
      serviceMs: 24 * HOUR_MS,
      plannedMs: 0,
      outages: 0,
      mttrMs: null,
      mtbfMs: null,
      upMs: 24 * HOUR_MS,
      outageMs: 0,
      unobservedMs: 0,
      uptimeRatio: 1,
    })
  })

  it('silence while the collector watched is an outage; while it was off, nobody knows', () => {
    // Silent 2-3 (watched) and 10-13, of which the collector slept 11-13.
    const measured = measureAvailability({
      window: day,
      up: [hours(0, 2), hours(3, 10), hours(13, 24)],
      down: [],
      watched: [hours(0, 11), hours(13, 24)],
    })
    expect(measured).toMatchObject({
      ...day,
      upMs: 20 * HOUR_MS,
      outages: 2,
      mttrMs: HOUR_MS,
      mtbfMs: 10 * HOUR_MS,
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

describe('planned work and the hours in which a service is owed', () => {
  // Down 9 to 13, of which 10 to 11 was announced and 12 to 13 declared afterwards; owed from 8 to 16.
  const down = [hours(9, 13)]
  const up = [hours(0, 9), hours(13, 24)]
  const planned = [hours(10, 11)]
  const plannedAfterwards = [hours(12, 14)]

  it('what was planned is no outage and stands in a column of its own, declared afterwards in another', () => {
    const measured = measureAvailability({ window: day, up, down, watched: [], planned, plannedAfterwards })
    expect(measured).toMatchObject({
      upMs: 20 * HOUR_MS,
      outageMs: 2 * HOUR_MS,
      plannedMs: HOUR_MS,
      plannedAfterwardsMs: HOUR_MS,
      unobservedMs: 0,
      uptimeRatio: 20 / 22,
      // Before and after the planned hour: the subject was never up in between, so it is one.
      outages: 1,
    })
  })

  it('only the hours in which it is owed count', () => {
    const measured = measureAvailability({ window: day, up, down, watched: [], service: [hours(8, 16)] })
    expect(measured).toMatchObject({
      serviceMs: 8 * HOUR_MS,
      upMs: 4 * HOUR_MS,
      outageMs: 4 * HOUR_MS,
      uptimeRatio: 0.5,
    })
  })

  it('an outage over the night is one outage, although nothing is owed at night', () => {
    const measured = measureAvailability({
      ...{ window: hours(0, 48), up: [hours(0, 15), hours(33, 48)], down: [hours(15, 33)], watched: [] },
      service: [hours(8, 16), hours(32, 40)],
    })
    expect(measured).toMatchObject({ outages: 1, outageMs: 2 * HOUR_MS, upMs: 14 * HOUR_MS, mttrMs: 2 * HOUR_MS })
  })
})

it('the buckets always add up to the time in which the service is owed, moment by moment', () => {
  const instant = fc.integer({ min: 0, max: 50 })
  const intervals = fc.array(fc.record({ from: instant, to: instant }), { maxLength: 5 })
  const every = fc.record({
    ...{ up: intervals, down: intervals, watched: intervals, planned: intervals, plannedAfterwards: intervals },
    service: intervals,
  })
  fc.assert(
    fc.property(every, instant, fc.nat(40), (known, from, lengthMs) => {
      const window = { from, to: from + lengthMs }
      const measured = measureAvailability({ window, ...known })
      const naive = { serviceMs: 0, upMs: 0, outageMs: 0, plannedMs: 0, plannedAfterwardsMs: 0, unobservedMs: 0 }
      const inside = (some: readonly Interval[], at: number) => some.some(one => at >= one.from && at < one.to)
      for (let at = window.from; at < window.to; at += 1) {
        if (!inside(known.service, at)) continue
        naive.serviceMs += 1
        if (inside(known.up, at)) naive.upMs += 1
        else if (!inside(known.down, at) && !inside(known.watched, at)) naive.unobservedMs += 1
        else if (inside(known.planned, at)) naive.plannedMs += 1
        else if (inside(known.plannedAfterwards, at)) naive.plannedAfterwardsMs += 1
        else naive.outageMs += 1
      }
      expect(measured).toMatchObject(naive)
      if (measured.uptimeRatio === null) expect(measured.upMs + measured.outageMs).toBe(0)
      else expect(measured.uptimeRatio).toBeCloseTo(measured.upMs / (measured.upMs + measured.outageMs), 12)
    }),
  )
})

describe('how an agency was connected', () => {
  it('has no holes: up while any link was, cut off when all failed, else nobody knows', () => {
    const known = {
      up: [
        { from: 0, to: 40 },
        { from: 30, to: 50 },
      ],
      down: [{ from: 60, to: 80 }],
    }
    const pieces = connectionOf(known, { from: 10, to: 100 })
    expect(pieces.map(({ from, to, state }) => [from, to, state])).toEqual([
      [10, 50, 'up'],
      [50, 60, 'unknown'],
      [60, 80, 'down'],
      [80, 100, 'unknown'],
    ])
  })
})
