import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CounterMemory, growthSince } from '../../../agent/sources/counter-growth.ts'
import type { Counter } from '../../../agent/sources/source.ts'

const counter = (metric: string, total: number | bigint, group = 'eth0'): Counter => ({
  metric,
  labels: { device: group },
  group,
  total: BigInt(total),
})

/** Feeds readings one after another and tells what each one gave. */
function feed(readings: { atMs: number; counters: Counter[] }[]) {
  let memory: CounterMemory = new Map()
  return readings.map(({ atMs, counters }) => {
    const result = growthSince(memory, counters, atMs)
    memory = result.memory
    return result.deltas
  })
}

describe('what counters grew by', () => {
  it('needs two readings, and divides by nothing itself', () => {
    const [first, second] = feed([
      { atMs: 1_000.25, counters: [counter('x_total', 100)] },
      { atMs: 11_000.5, counters: [counter('x_total', 350)] },
    ])
    expect(first).toEqual([])
    expect(second).toEqual([{ metric: 'x_total', labels: { device: 'eth0' }, growth: 250n, overMs: 10_000.25 }])
  })

  it('gives nothing for a device of which any counter fell: all of it began anew', () => {
    const deltas = feed([
      { atMs: 0, counters: [counter('rx_total', 1_000), counter('tx_total', 10), counter('rx_total', 5, 'eth1')] },
      { atMs: 10, counters: [counter('rx_total', 3), counter('tx_total', 40), counter('rx_total', 6, 'eth1')] },
      { atMs: 20, counters: [counter('rx_total', 7), counter('tx_total', 41), counter('rx_total', 8, 'eth1')] },
    ])
    expect(deltas[1]?.map(delta => [delta.labels?.device, delta.growth])).toEqual([['eth1', 1n]])
    expect(deltas[2]?.map(delta => [delta.labels?.device, delta.growth])).toEqual([
      ['eth0', 4n],
      ['eth0', 1n],
      ['eth1', 2n],
    ])
  })

  it('forgets what vanished, so that a device which returns is a new one', () => {
    const deltas = feed([
      { atMs: 0, counters: [counter('rx_total', 10)] },
      { atMs: 10, counters: [] },
      { atMs: 20, counters: [counter('rx_total', 500)] },
      { atMs: 30, counters: [counter('rx_total', 501)] },
    ])
    expect(deltas.map(list => list.length)).toEqual([0, 0, 0, 1])
  })

  it('keeps integers beyond 2^53 exact', () => {
    const big = 2n ** 60n
    const deltas = feed([
      { atMs: 0, counters: [counter('rx_total', 1)] },
      { atMs: 10, counters: [counter('rx_total', big)] },
    ])
    expect(deltas[1]?.[0]?.growth).toBe(big - 1n)
  })

  it('adds up to what the counter shows, over any readings without a reset', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 40n }), { minLength: 2, maxLength: 30 }), growths => {
        let total = 0n
        const readings = growths.map((growth, index) => {
          total += growth
          return { atMs: index * 10, counters: [counter('x_total', total)] }
        })
        const grown = feed(readings)
          .flat()
          .reduce((sum, delta) => sum + BigInt(delta.growth), 0n)
        expect(grown).toBe(total - (growths[0] ?? 0n))
      }),
    )
  })

  it('tells nothing over a time that the wire cannot carry, nor over no time at all', () => {
    const deltas = feed([
      { atMs: 0, counters: [counter('x_total', 1)] },
      { atMs: 0, counters: [counter('x_total', 2)] },
      { atMs: 32 * 86_400_000, counters: [counter('x_total', 3)] },
    ])
    expect(deltas.flat()).toEqual([])
  })
})
