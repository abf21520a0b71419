import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBatch, ratePerSecond, readStoredBatch, skewMsOf } from '../../../server/ingest/decode-batch.ts'
import { WEDNESDAY } from '../../contract/series-store/support.ts'
import { AGENT, bodyOf, SUBJECT, validBatch } from './support.ts'

const about = { subjectId: SUBJECT, agentId: AGENT, skewMs: 0 }

describe('decoding a stored batch', () => {
  it('keeps gauges and turns what a counter grew by into a rate', () => {
    const { entries, facts, correctedByMs } = decodeBatch(readStoredBatch(bodyOf(validBatch())), about)
    const identity = { subjectId: SUBJECT, agentId: AGENT }
    expect(entries).toEqual([
      { key: { ...identity, metric: 'cpu_busy_ratio', labels: {} }, samples: [[WEDNESDAY, 0.25]] },
      {
        key: { ...identity, metric: 'network_receive_bytes_per_second', labels: { device: 'eth0' } },
        samples: [[WEDNESDAY, 12_500]],
      },
    ])
    expect(facts).toEqual([{ at: WEDNESDAY, name: 'os.distro', value: 'Debian 12', subject: SUBJECT }])
    expect(correctedByMs).toBe(0)
  })

  it('reads integers beyond 2^53 that came as text', () => {
    const batch = validBatch({
      series: [
        { kind: 'gauge', metric: 'size_bytes', points: [[WEDNESDAY, '18446744073709551615']] },
        { kind: 'delta', metric: 'octets_total', points: [[WEDNESDAY, '18446744073709551615', 1000]] },
      ],
    })
    expect(decodeBatch(batch, about).entries.map(({ samples }) => samples)).toEqual([
      [[WEDNESDAY, 2 ** 64]],
      [[WEDNESDAY, 2 ** 64]],
    ])
  })

  it('leaves out growth below nothing, and counts it', () => {
    const batch = validBatch({
      series: [
        {
          kind: 'delta',
          metric: 'octets_total',
          points: [
            [WEDNESDAY, -5, 1000],
            [WEDNESDAY + 1, '-5', 1000],
            [WEDNESDAY + 2, 5, 500],
          ],
        },
      ],
    })
    const decoded = decodeBatch(batch, about)
    expect(decoded.entries[0]?.samples).toEqual([[WEDNESDAY + 2, 10]])
    expect(decoded.negativeGrowthPoints).toBe(2)
  })

  it.each([
    [5_000, 0],
    [-5_000, 0],
    [5_001, 5_001],
    [-90_000, -90_000],
  ])('with a clock that is %i ms behind moves all times by %i ms', (skewMs, movedMs) => {
    const decoded = decodeBatch(validBatch(), { ...about, skewMs })
    expect(decoded.correctedByMs).toBe(movedMs)
    expect(decoded.entries.map(({ samples }) => samples[0]?.[0])).toEqual([WEDNESDAY + movedMs, WEDNESDAY + movedMs])
    expect(decoded.facts[0]?.at).toBe(WEDNESDAY + movedMs)
  })

  it('keeps what is about another device under that device, with its times moved as well', () => {
    const OTHER = '01938f6e-0000-7000-8000-0000000000ff'
    const [gauge] = validBatch().series
    const series = gauge === undefined ? [] : [{ ...gauge, subject: OTHER }, gauge]
    const events = [{ at: WEDNESDAY, subject: OTHER, kind: 'link-down' as const, part: 'ether1' }]
    const facts = [{ at: WEDNESDAY, subject: OTHER, name: 'a.fact', value: 1 }]
    const decoded = decodeBatch(validBatch({ series, events, facts }), { ...about, skewMs: 90_000 })
    expect(decoded.entries.map(({ key }) => key.subjectId)).toEqual([OTHER, SUBJECT])
    expect(decoded.events).toEqual([{ ...events[0], at: WEDNESDAY + 90_000 }])
    expect(decoded.facts).toEqual([{ ...facts[0], at: WEDNESDAY + 90_000 }])
  })

  it('takes the skew from collector minus agent', () => {
    expect(skewMsOf({ sentAt: 1_000, receivedAt: 61_000 })).toBe(60_000)
  })

  it('never makes an instant before 1970', () => {
    const batch = validBatch({ series: [{ kind: 'gauge', metric: 'x', points: [[5, 1]] }] })
    expect(decodeBatch(batch, { ...about, skewMs: -60_000 }).entries[0]?.samples).toEqual([[0, 1]])
  })

  it('has rates right to the last digits a double holds, for growth as number or text', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: 1, max: 2_678_400_000 }),
        (growth, overMs) => {
          const exact = Number((growth * 10n ** 43n) / BigInt(overMs)) / 1e40
          expect(ratePerSecond(String(growth), overMs) / (exact || 1)).toBeCloseTo(exact === 0 ? 0 : 1, 12)
          if (growth < 2n ** 53n)
            expect(ratePerSecond(Number(growth), overMs) / (exact || 1)).toBeCloseTo(exact === 0 ? 0 : 1, 12)
        },
      ),
    )
    expect(ratePerSecond('9007199254740993', 1000)).toBe(9007199254740992)
    expect(ratePerSecond('10', 0.5)).toBe(20_000)
  })
})
