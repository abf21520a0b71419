import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GIVE_UP_AFTER_MS, givesUp, waitMs } from '../../../server/notify/back-off.ts'
import type { Claimed } from '../../../server/notify/send.ts'
import { settlementsOf } from '../../../server/notify/settle.ts'

const T = 1_790_000_000_000
const delivery = (more: Partial<Claimed> = {}): Claimed => ({
  id: 'd1',
  outboxId: 'o1',
  incidentId: 'i1',
  event: 'opened',
  attempts: 1,
  createdAt: T,
  remaining: null,
  ...more,
})
const refusedConnection = {
  kind: 'retry' as const,
  reason: 'connection refused at 127.0.0.1:25',
  retryAfterMs: null,
  remaining: null,
}

describe('back-off', () => {
  test('waits 5 s, 15 s, 1 min, 5 min, then 15 min each', () => {
    expect([1, 2, 3, 4, 5, 6, 90].map(attempts => waitMs(attempts, 0.5, null))).toEqual([
      5_000, 15_000, 60_000, 300_000, 900_000, 900_000, 900_000,
    ])
  })

  test('obeys Retry-After, but not for a year', () => {
    expect(waitMs(1, 0.5, 120_000)).toBe(120_000)
    expect(waitMs(1, 0.5, 365 * 86_400_000)).toBe(3_600_000)
    expect(waitMs(5, 0.5, 1_000)).toBe(900_000)
  })

  test('whatever chance says, it is within a fifth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, chance) => {
        const middle = waitMs(attempts, 0.5, null)
        expect(Math.abs(waitMs(attempts, chance, null) - middle)).toBeLessThanOrEqual(middle / 5)
      }),
    )
  })

  test('a dead channel is tried about a hundred times before it is given up after a day', () => {
    let at = T
    let attempts = 0
    while (!givesUp(T, at)) {
      attempts += 1
      at += waitMs(attempts, 0.5, null)
    }
    expect(attempts).toBeGreaterThan(90)
    expect(attempts).toBeLessThan(110)
  })
})

describe('what a delivery becomes', () => {
  test('sent is sent, and a digest says with how many others', () => {
    expect(settlementsOf([delivery()], null, { kind: 'sent', note: null }, T, 0.5)).toMatchObject([
      { state: 'sent', error: null },
    ])
    const three = ['a', 'b', 'c'].map(id => delivery({ id }))
    const settled = settlementsOf(three, 'digest', { kind: 'sent', note: null }, T, 0.5)
    expect(settled.map(({ state, error }) => [state, error])).toEqual(
      Array(3).fill(['sent', 'told in one digest with 2 others']),
    )
  })

  test('a refusal for good is failed at once, with the reason', () => {
    const outcome = { kind: 'refused' as const, reason: 'refused: 550 no such user' }
    expect(settlementsOf([delivery()], null, outcome, T, 0.5)).toMatchObject([
      { state: 'failed', error: 'refused: 550 no such user', nextAt: null },
    ])
  })

  test('a try that failed is pending with its next time', () => {
    expect(settlementsOf([delivery({ attempts: 2 })], null, refusedConnection, T, 0.5)).toMatchObject([
      { state: 'pending', nextAt: T + 15_000, error: 'connection refused at 127.0.0.1:25' },
    ])
  })

  test('after a day it is given up; the younger ones of the same digest go on', () => {
    const old = delivery({ id: 'old', attempts: 97, createdAt: T - GIVE_UP_AFTER_MS })
    const young = delivery({ id: 'young', attempts: 3 })
    expect(settlementsOf([old, young], 'digest', refusedConnection, T, 0.5)).toMatchObject([
      { deliveryId: 'old', state: 'failed', error: 'given up after 24 hours: connection refused at 127.0.0.1:25' },
      { deliveryId: 'young', state: 'pending', nextAt: T + 900_000 },
    ])
  })

  test('a stop writes nothing: it goes again at the next start', () => {
    expect(settlementsOf([delivery()], null, { kind: 'interrupted' }, T, 0.5)).toEqual([])
  })
})
