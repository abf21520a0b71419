import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMs, parseRetryAfterMs } from '../../../agent/platform/back-off.ts'

describe('waiting between attempts', () => {
  it('doubles from one second up to the cap', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 500].map(attempt => backOffMs(attempt, 60_000, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
    ])
  })

  it('stays between half of it and all of it, whatever the dice say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1_000, max: 60_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, capMs, random) => {
          const waitMs = backOffMs(attempt, capMs, random)
          expect(waitMs).toBeGreaterThanOrEqual(500)
          expect(waitMs).toBeLessThanOrEqual(capMs)
        },
      ),
    )
  })

  it('reads Retry-After as seconds or as a date, and never waits more than an hour for it', () => {
    const nowMs = Date.parse('2026-11-22T01:00:00Z')
    expect(parseRetryAfterMs('7', nowMs)).toBe(7_000)
    expect(parseRetryAfterMs('Sun, 22 Nov 2026 01:00:30 GMT', nowMs)).toBe(30_000)
    expect(parseRetryAfterMs('Sun, 22 Nov 2026 00:00:00 GMT', nowMs)).toBe(0)
    expect(parseRetryAfterMs('999999', nowMs)).toBe(3_600_000)
    expect(parseRetryAfterMs('soon', nowMs)).toBeUndefined()
    expect(parseRetryAfterMs(undefined, nowMs)).toBeUndefined()
  })
})
