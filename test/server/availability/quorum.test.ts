import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, quorumState, type Seen, type Vote } from '../../../server/availability/quorum.ts'

describe('several pollers decide together', () => {
  it('one poller alone decides; of two that differ the one that reaches it is right about "not down"', () => {
    expect(quorumState({ up: 1, down: 0 })).toBe('up')
    expect(quorumState({ up: 0, down: 1 })).toBe('down')
    expect(quorumState({ up: 1, down: 1 })).toBe('degraded')
    expect(quorumState({ up: 1, down: 2 })).toBe('down')
    expect(quorumState({ up: 2, down: 1 })).toBe('degraded')
    expect(quorumState({ up: 0, down: 0 })).toBeNull()
  })

  it('a poller that pulled its own cable says nothing, and the others go on deciding', () => {
    const blind: Seen = [{ from: 0, to: 10, vote: 'up' }]
    const seeing: Seen = [
      { from: 0, to: 20, vote: 'up' },
      { from: 20, to: 30, vote: 'down' },
    ]
    expect(combine([blind, seeing], { from: 0, to: 40 })).toEqual([
      { from: 0, to: 20, state: 'up' },
      { from: 20, to: 30, state: 'down' },
    ])
  })

  it('at every moment it is what the votes of that moment make of it', () => {
    const lengths = fc.array(
      fc.record({ gap: fc.nat(5), lasts: fc.integer({ min: 1, max: 8 }), vote: fc.constantFrom<Vote>('up', 'down') }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(fc.array(lengths, { maxLength: 4 }), fc.nat(20), fc.nat(40), (plans, from, lengthMs) => {
        const observers = plans.map(plan => {
          let at = 0
          return plan.map(({ gap, lasts, vote }) => {
            const piece = { from: at + gap, to: at + gap + lasts, vote }
            at = piece.to
            return piece
          })
        })
        const window = { from, to: from + lengthMs }
        const combined = combine(observers, window)
        for (let at = window.from; at < window.to; at += 1) {
          const saying = observers.flatMap(seen => seen.filter(piece => piece.from <= at && at < piece.to))
          const count = (vote: Vote) => saying.filter(piece => piece.vote === vote).length
          const found = combined.filter(piece => piece.from <= at && at < piece.to)
          expect(found.length).toBeLessThanOrEqual(1)
          expect(found[0]?.state ?? null).toBe(quorumState({ up: count('up'), down: count('down') }))
        }
      }),
    )
  })
})
