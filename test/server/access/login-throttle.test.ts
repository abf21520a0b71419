import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLoginThrottle } from '../../../server/access/login-throttle.ts'
import { DAY_MS, MINUTE_MS, MONDAY } from './city.ts'

const AYU = { name: 'ayu', remoteAddress: '192.0.2.10' }

/** Waits of one who fails as soon as they may, `count` times. */
function waitsOf(count: number): number[] {
  const throttle = createLoginThrottle()
  let at = MONDAY
  return Array.from({ length: count }, () => {
    const waitMs = throttle.admit({ ...AYU, at })
    at += waitMs
    if (waitMs > 0) expect(throttle.admit({ ...AYU, at })).toBe(0)
    return waitMs
  })
}

describe('the login throttle', () => {
  it('lets five failures pass, then doubles the wait from a second to a quarter of an hour', () => {
    const seconds = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    expect(waitsOf(17)).toEqual(seconds.map(s => s * 1000))
  })

  it('forgets the failures of yesterday', () => {
    const throttle = createLoginThrottle()
    for (let failure = 0; failure < 5; failure += 1) throttle.admit({ ...AYU, at: MONDAY })
    expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(1000)
    for (let failure = 0; failure < 5; failure += 1) expect(throttle.admit({ ...AYU, at: MONDAY + DAY_MS })).toBe(0)
  })

  it('begins anew after a success', () => {
    const throttle = createLoginThrottle()
    for (let failure = 0; failure < 5; failure += 1) throttle.admit({ ...AYU, at: MONDAY })
    expect(throttle.admit({ ...AYU, at: MONDAY + 1000 })).toBe(0)
    throttle.succeeded({ ...AYU, at: MONDAY + 1000 })
    for (let failure = 0; failure < 5; failure += 1) expect(throttle.admit({ ...AYU, at: MONDAY + 1000 })).toBe(0)
    expect(throttle.admit({ ...AYU, at: MONDAY + 1000 })).toBe(1000)
  })

  it('counts an address that tries one account after the other', () => {
    const throttle = createLoginThrottle()
    const tryAccount = (number: number) =>
      throttle.admit({ name: `user${number}`, remoteAddress: '203.0.113.66', at: MONDAY })
    for (let number = 0; number < 20; number += 1) expect(tryAccount(number)).toBe(0)
    expect(tryAccount(20)).toBe(1000)
  })

  it('does not let somebody clear their guesses at others by signing in to their own account', () => {
    const throttle = createLoginThrottle()
    const remoteAddress = '203.0.113.66'
    let guesses = 0
    for (let round = 0; round < 100; round += 1) {
      const own = { name: 'own', remoteAddress, at: MONDAY }
      if (throttle.admit(own) === 0) throttle.succeeded(own)
      if (throttle.admit({ name: `victim${round}`, remoteAddress, at: MONDAY }) === 0) guesses += 1
    }
    expect(guesses).toBe(20)
  })

  it('takes one machine with a whole IPv6 network for one', () => {
    const throttle = createLoginThrottle()
    const guess = (host: number) =>
      throttle.admit({ name: 'ayu', remoteAddress: `2001:db8:1:2::${host.toString(16)}`, at: MONDAY })
    for (let host = 1; host <= 5; host += 1) expect(guess(host)).toBe(0)
    expect(guess(6)).toBe(1000)
  })

  it('slows many addresses that guess at one account to one guess a minute each', () => {
    const throttle = createLoginThrottle()
    const guess = (bot: number, at: number) => throttle.admit({ name: 'ayu', remoteAddress: `203.0.113.${bot}`, at })
    for (let bot = 0; bot < 200; bot += 1) expect(guess(bot, MONDAY)).toBe(0)
    for (let bot = 0; bot < 200; bot += 1) expect(guess(bot, MONDAY + MINUTE_MS - 1)).toBe(1)
  })

  it('takes nothing back but what was never looked at', () => {
    const throttle = createLoginThrottle()
    for (let busy = 0; busy < 100; busy += 1) {
      expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(0)
      throttle.withdrawn({ ...AYU, at: MONDAY })
    }
    for (let failure = 0; failure < 5; failure += 1) expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(0)
    throttle.withdrawn({ ...AYU, at: MONDAY })
    expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(0)
    expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(1000)
  })

  it('waits no longer because the clock was set back', () => {
    const throttle = createLoginThrottle()
    for (let failure = 0; failure < 6; failure += 1) throttle.admit({ ...AYU, at: MONDAY })
    expect(throttle.admit({ ...AYU, at: MONDAY - 1000 })).toBe(1000)
    expect(throttle.admit({ ...AYU, at: MONDAY - 2 * DAY_MS })).toBe(0)
  })

  const attempt = fc.record({
    name: fc.constantFrom('ayu', 'budi', 'citra'),
    remoteAddress: fc.constantFrom('203.0.113.1', '203.0.113.2', '203.0.113.3', '2001:db8::1'),
    laterMs: fc.nat({ max: 2 * MINUTE_MS }),
    end: fc.constantFrom('failed', 'failed', 'failed', 'succeeded', 'withdrawn'),
  })
  const history = fc.array(attempt, { maxLength: 300 })
  type Attempts = typeof history extends fc.Arbitrary<infer T> ? T : never

  /** Plays a history of attempts of others; answers the time at its end. */
  function play(throttle: ReturnType<typeof createLoginThrottle>, attempts: Attempts, from = MONDAY): number {
    let at = from
    for (const { name, remoteAddress, laterMs, end } of attempts) {
      at += laterMs
      if (throttle.admit({ name, remoteAddress, at }) > 0) continue
      if (end === 'succeeded') throttle.succeeded({ name, remoteAddress, at })
      if (end === 'withdrawn') throttle.withdrawn({ name, remoteAddress, at })
    }
    return at
  }

  it('never makes an owner wait who comes from an address that did not fail, whatever others did', () =>
    fc.assert(
      fc.property(history, attempts => {
        const throttle = createLoginThrottle()
        const at = play(throttle, attempts)
        expect(throttle.admit({ ...AYU, at })).toBe(0)
      }),
    ))

  it('never makes an owner wait longer than a minute for one slip of the finger, whatever others did', () =>
    fc.assert(
      fc.property(history, history, (before, after) => {
        const throttle = createLoginThrottle()
        const slipAt = play(throttle, before)
        expect(throttle.admit({ ...AYU, at: slipAt })).toBe(0)
        // The others do not rest while the owner waits: their attempts do not push the owner's turn away.
        play(throttle, after, slipAt)
        expect(throttle.admit({ ...AYU, at: slipAt + MINUTE_MS })).toBe(0)
      }),
    ))

  it('never lets one address guess more often than the doubling allows', () =>
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20_000 }), { maxLength: 200 }), pauses => {
        const throttle = createLoginThrottle()
        let at = MONDAY
        let admitted = 0
        let lastAt = 0
        for (const pause of pauses) {
          at += pause
          if (throttle.admit({ ...AYU, at }) > 0) continue
          if (admitted >= 5) expect(at - lastAt).toBeGreaterThanOrEqual(Math.min(900_000, 1000 * 2 ** (admitted - 5)))
          admitted += 1
          lastAt = at
        }
      }),
    ))

  it('keeps no more than it was told to keep, and forgets the oldest first', () => {
    const throttle = createLoginThrottle({ keptEntries: 100 })
    for (let number = 0; number < 5_000; number += 1)
      throttle.admit({ name: `user${number}`, remoteAddress: `10.${number >> 8}.${number & 255}.1`, at: MONDAY })
    expect(throttle.size()).toBe(300)
    const others = (from: number) => {
      for (let number = from; number < from + 60; number += 1)
        throttle.admit({ name: `more${number}`, remoteAddress: `10.99.${number}.1`, at: MONDAY })
    }
    for (let failure = 0; failure < 4; failure += 1) throttle.admit({ ...AYU, at: MONDAY })
    others(0)
    throttle.admit({ ...AYU, at: MONDAY })
    others(60)
    expect(throttle.admit({ ...AYU, at: MONDAY })).toBe(1000)
  })
})
