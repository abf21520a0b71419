import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeBatches } from '../../../agent/spool/batch-body.ts'
import { createPacker, isPacked } from '../../../agent/spool/packed-part.ts'
import { wireNumber } from '../../../agent/spool/wire-series.ts'
import { type Batch, batch } from '../../../protocol/batch.ts'

const ORIGIN = { agentVersion: '0.1.0', intervalMs: 10_000 }
const SPOOL = '018f0000-0000-7000-8000-000000000001'
const AT = 1_763_770_000_000

const parse = (bodies: (string | Buffer)[]): Batch[] => bodies.map(body => batch.parse(JSON.parse(body.toString())))

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

  it('takes along parts that were packed elsewhere, each a batch of its own as any collector reads it', () => {
    const packer = createPacker({ nowMs: () => AT })
    const subject = '0190a7f0-0000-7000-8000-000000000001'
    const gauges = Array.from({ length: 7_000 }, (_, index) => ({ subject, metric: 'm', value: index }))
    const deltas = [{ subject, metric: 'd_total', growth: 2n ** 60n, overMs: 30_000 }]
    const event = { at: AT, subject, kind: 'cold-start', part: '' } as const
    packer.add({ gauges, deltas, events: [event] })
    expect(packer.full()).toBe(1)
    const packed = packer.take()
    expect(packed.reduce((sum, part) => sum + part.length, 0)).toBeLessThan(gauges.length * 8)

    const quiet = { atMs: AT, gauges: [], deltas: [], facts: [], packed }
    const bodies = encodeBatches(ORIGIN, quiet, []).map((encode, index) => Buffer.from(encode(8 + index, SPOOL)))
    expect(bodies.map(isPacked)).toEqual([true, true])
    const batches = parse(bodies.map(body => gunzipSync(body)))
    expect(batches.map(({ number, series }) => [number, series.length])).toEqual([
      [8, 5_000],
      [9, 2_001],
    ])
    expect(batches.flatMap(({ series }) => series.map(({ points }) => points[0]?.[1]))).toEqual([
      ...gauges.map(({ value }) => value),
      String(2n ** 60n),
    ])
    expect(batches[1]).toMatchObject({ ...ORIGIN, wire: 1, events: [event] })
    expect(encodeBatches(ORIGIN, { ...quiet, gauges: [{ metric: 'own', value: 1 }] }, [])).toHaveLength(3)
  })

  it('has integers as digits from 2^53 on', () => {
    expect(wireNumber(2n ** 53n - 1n)).toBe(9_007_199_254_740_991)
    expect(wireNumber(2n ** 53n)).toBe('9007199254740992')
    expect(wireNumber(Number.POSITIVE_INFINITY)).toBeUndefined()
  })
})
