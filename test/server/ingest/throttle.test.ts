import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createThrottle, takeToken } from '../../../server/ingest/throttle.ts'

describe('the throttle of an agent', () => {
  it('lets a burst through, then says how long to wait', () => {
    const throttle = createThrottle({ ratePerS: 50, burst: 200 })
    for (let i = 0; i < 200; i++) expect(throttle.take('a', 1000)).toBe(0)
    expect(throttle.take('a', 1000)).toBe(20)
    expect(throttle.take('a', 1019)).toBe(1)
    expect(throttle.take('a', 1020)).toBe(0)
  })

  it('holds back one agent, not the others', () => {
    const throttle = createThrottle({ ratePerS: 1, burst: 1 })
    expect(throttle.take('a', 0)).toBe(0)
    expect(throttle.take('a', 0)).toBe(1000)
    expect(throttle.take('b', 0)).toBe(0)
  })

  it('never lets more through than burst and rate allow, and who waits as told is let through', () => {
    const limits = { ratePerS: 10, burst: 5 }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 100 }), pauses => {
        let at = 0
        let taken = 0
        let bucket = takeToken(undefined, 0, { ...limits, burst: 6 }).bucket
        for (const pause of pauses) {
          at += pause
          const result = takeToken(bucket, at, limits)
          bucket = result.bucket
          if (result.waitMs === 0) taken++
          else expect(takeToken(bucket, at + result.waitMs, limits).waitMs).toBe(0)
        }
        expect(taken).toBeLessThanOrEqual(limits.burst + (at / 1000) * limits.ratePerS + 1e-6)
      }),
    )
  })

  it('gives nothing for a clock that goes back', () => {
    const limits = { ratePerS: 1, burst: 1 }
    const { bucket } = takeToken(undefined, 10_000, limits)
    const back = takeToken(bucket, 0, limits)
    expect(back.waitMs).toBe(1000)
    expect(takeToken(back.bucket, 500, limits).waitMs).toBe(500)
  })

  it('forgets agents that stay away', () => {
    const throttle = createThrottle({ ratePerS: 100, burst: 100 })
    for (let i = 0; i < 5000; i++) throttle.take(`agent-${i}`, 0)
    for (let i = 0; i < 5000; i++) throttle.take('one', 10_000 + i * 20)
    expect(throttle.size()).toBe(1)
  })
})
