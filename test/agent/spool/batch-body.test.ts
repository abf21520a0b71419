import { describe, expect, it } from 'vitest'
import { encodeBatches, wireNumber } from '../../../agent/spool/batch-body.ts'
import { type Batch, batch } from '../../../protocol/batch.ts'

const ORIGIN = { agentVersion: '0.1.0', intervalMs: 10_000 }
const SPOOL = '018f0000-0000-7000-8000-000000000001'
const AT = 1_763_770_000_000

const parse = (bodies: string[]): Batch[] => bodies.map(body => batch.parse(JSON.parse(body)))

describe('the body of a batch', () => {
  it('follows the wire contract, and leaves out what is no number', () => {
    const encoders = encodeBatches(
      ORIGIN,
      {
        atMs: AT,
        gauges: [
          { metric: 'a', value: 1.5 },
          { metric: 'b', labels: { x: 'y' }, value: 2n ** 60n },
          { metric: 'c', value: Number.NaN },
        ],
        deltas: [{ metric: 'd_total', growth: 3n, overMs: 10_000.5 }],
        facts: [],
      },
      [{ at: AT, name: 'os.kernel', value: '6.1' }],
    )
    const [only, ...others] = parse(encoders.map((encode, index) => encode(7 + index, SPOOL)))
    expect(others).toEqual([])
    expect(only).toEqual({
      wire: 1,
      ...ORIGIN,
      spool: SPOOL,
      number: 7,
      series: [
        { kind: 'gauge', metric: 'a', points: [[AT, 1.5]] },
        { kind: 'gauge', metric: 'b', labels: { x: 'y' }, points: [[AT, '1152921504606846976']] },
        { kind: 'delta', metric: 'd_total', points: [[AT, 3, 10_000.5]] },
      ],
      facts: [{ at: AT, name: 'os.kernel', value: '6.1' }],
    })
  })

  it('is split when a tick has more than one batch may carry, and then nothing is missing', () => {
    const gauges = Array.from({ length: 12_001 }, (_, index) => ({ metric: `m${index}`, value: index }))
    const facts = Array.from({ length: 600 }, (_, index) => ({ at: AT, name: `f${index}`, value: index + 1 }))
    const encoders = encodeBatches(ORIGIN, { atMs: AT, gauges, deltas: [], facts: [] }, facts)
    const batches = parse(encoders.map((encode, index) => encode(index + 1, SPOOL)))
    expect(batches.map(({ series }) => series.length)).toEqual([5_000, 5_000, 2_001])
    expect(batches.flatMap(({ facts: list }) => list ?? [])).toEqual(facts)
  })

  it('has integers as digits from 2^53 on', () => {
    expect(wireNumber(2n ** 53n - 1n)).toBe(9_007_199_254_740_991)
    expect(wireNumber(2n ** 53n)).toBe('9007199254740992')
    expect(wireNumber(Number.POSITIVE_INFINITY)).toBeUndefined()
  })
})
