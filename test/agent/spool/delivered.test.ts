import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Delivered,
  isDelivered,
  MOST_STRETCHES,
  settled,
  shortened,
  withDelivered,
} from '../../../agent/spool/delivered.ts'

const NOTHING: Delivered = { through: 0, beyond: [] }
const number = fc.integer({ min: 1, max: 40 })

describe('what is delivered', () => {
  it('is exactly what was put in, in whatever order, as few sorted stretches', () => {
    fc.assert(
      fc.property(fc.array(number), numbers => {
        const delivered = numbers.reduce(withDelivered, NOTHING)
        for (let one = 1; one <= 42; one += 1) expect(isDelivered(delivered, one)).toBe(numbers.includes(one))
        for (const [index, [first, last]] of delivered.beyond.entries()) {
          expect(first).toBeLessThanOrEqual(last)
          expect(first).toBeGreaterThan((delivered.beyond[index - 1]?.[1] ?? -1) + 1)
        }
      }),
    )
  })

  it('is told shorter once nothing before a number waits, without taking any number back', () => {
    fc.assert(
      fc.property(fc.array(number), number, (numbers, firstWaiting) => {
        const before = numbers.reduce(withDelivered, NOTHING)
        const after = settled(before, firstWaiting)
        expect(after.through).toBe(firstWaiting - 1)
        for (let one = 1; one <= 42; one += 1)
          expect(isDelivered(after, one)).toBe(one < firstWaiting || isDelivered(before, one))
      }),
    )
  })

  it('never claims more than is true when it is cut to what the ledger can hold', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 100 }), numbers => {
        const whole = numbers.reduce(withDelivered, NOTHING)
        const short = shortened(whole)
        expect(short.beyond.length).toBeLessThanOrEqual(MOST_STRETCHES)
        for (let one = 1; one <= 200; one += 1) if (isDelivered(short, one)) expect(isDelivered(whole, one)).toBe(true)
      }),
    )
  })
})
