import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownInterface } from '../../../../agent/sources/snmp/discover/interfaces.ts'
import { speedOf, uniqueNames } from '../../../../agent/sources/snmp/discover/interfaces.ts'
import { counterStep } from '../../../../agent/sources/snmp/poll/counter-step.ts'
import { timePassed } from '../../../../agent/sources/snmp/poll/device-time.ts'
import { planPolling } from '../../../../agent/sources/snmp/poll/poll-plan.ts'
import { type Round, remember } from '../../../../agent/sources/snmp/poll/remembered.ts'
import { readRound } from '../../../../agent/sources/snmp/poll/round.ts'
import type { SnmpValue } from '../../../../agent/sources/snmp/value.ts'

const GIGABIT = 125_000_000
const IF = '1.3.6.1.2.1.2.2.1'
const IF_X = '1.3.6.1.2.1.31.1.1.1'

describe('a counter', () => {
  it('of 32 bits that wraps has grown by what it went round', () => {
    expect(counterStep(4_294_967_290n, 100n, 32, 30_000, GIGABIT)).toBe(106n)
  })

  it('that was set back has not grown by four thousand million', () => {
    expect(counterStep(3_000_000_000n, 5n, 32, 1_000, GIGABIT)).toBeUndefined()
    expect(counterStep(10n ** 12n, 5n, 64, 30_000, GIGABIT)).toBeUndefined()
    expect(counterStep(1_000n, 5n, 32, 30_000, undefined)).toBeUndefined()
  })

  it('never grows faster than its interface, whatever it shows', () => {
    fc.assert(
      fc.property(
        ...([fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n)] as const),
        ...([fc.integer({ min: 1, max: 600_000 }), fc.integer({ min: 1_000, max: 10 ** 10 })] as const),
        (before, now, overMs, most) => {
          const growth = counterStep(before, now, 64, overMs, most)
          if (growth === undefined) return
          expect(growth).toBeGreaterThanOrEqual(0n)
          expect(Number(growth)).toBeLessThanOrEqual(most * 1.1 * (overMs / 1_000) + 65_536)
        },
      ),
    )
  })

  it('that grew by anything the line can carry tells exactly that, across a wrap, too', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 32n - 1n), fc.bigInt(0n, 3_000_000_000n), (before, growth) => {
        expect(counterStep(before, (before + growth) % 2n ** 32n, 32, 30_000, GIGABIT)).toBe(growth)
      }),
    )
  })
})

describe('the time of a device', () => {
  const at = (ticks: number | undefined, atMs: number) => ({ ticks, atMs })

  it('is its own uptime, across the wrap after 497 days', () => {
    expect(timePassed(at(1_000, 0), at(4_000, 30_100))).toEqual({ kind: 'ran-on', overMs: 30_000 })
    expect(timePassed(at(2 ** 32 - 1_000, 0), at(2_000, 30_050))).toEqual({ kind: 'ran-on', overMs: 30_000 })
  })

  it('tells a restart, also one after which it has run longer than before', () => {
    expect(timePassed(at(500_000, 0), at(1_000, 30_000))).toEqual({ kind: 'restarted' })
    expect(timePassed(at(100, 0), at(1_000, 3_600_000))).toEqual({ kind: 'restarted' })
  })

  it('is ours where the device has none, or one that stands still', () => {
    expect(timePassed(at(undefined, 0), at(undefined, 30_000))).toEqual({ kind: 'own-clock', overMs: 30_000 })
    expect(timePassed(at(5_000, 0), at(5_000, 30_000))).toEqual({ kind: 'own-clock', overMs: 30_000 })
  })
})

const interfaceOf = (part: Partial<KnownInterface> & { device: string; index: number }): KnownInterface => ({
  ...{ alias: '', type: 6, speedBps: 1_000_000_000, mac: null, addresses: [], counters: '64-bit' },
  offered: new Set(['operStatus', 'adminStatus', 'hcInOctets', 'inErrors', 'discontinuity'] as const),
  ...part,
})

const plan = planPolling([interfaceOf({ device: 'ether1', index: 1 })], [])

/** One round of a device with one interface as it stands in its tables. */
function round(ticks: number, atMs: number, rows: Record<string, SnmpValue>, of = plan): Round {
  const time = { ticks, atMs }
  return of.oids.map(oid => {
    const value = rows[oid]
    return value && { value, time }
  })
}
const counter = (value: bigint): SnmpValue => ({ type: 'counter64', value })
const errors = (value: number): SnmpValue => ({ type: 'counter32', value })
const ticks = (value: number): SnmpValue => ({ type: 'ticks', value })
const bytes = 'node_network_receive_bytes_total'

describe('a round', () => {
  const rows = (total: bigint, fallen = 0, discontinuity = 0) => ({
    [`${IF_X}.6.1`]: counter(total),
    [`${IF}.14.1`]: errors(fallen),
    [`${IF_X}.19.1`]: ticks(discontinuity),
    [`${IF}.8.1`]: { type: 'integer', value: 1 } as const,
  })
  const first = round(10_000, 0, rows(1_000n, 7))

  it('tells growth over the time of the device, and nothing the first time', () => {
    expect(readRound(plan, undefined, first, 0).deltas).toEqual([])
    const { deltas, gauges } = readRound(plan, remember(first), round(13_000, 30_040, rows(4_000n, 9)), 1_000_000)
    expect(deltas).toEqual([
      { metric: bytes, labels: { device: 'ether1' }, growth: 3_000n, overMs: 30_000 },
      { metric: 'node_network_receive_errs_total', labels: { device: 'ether1' }, growth: 2n, overMs: 30_000 },
    ])
    expect(gauges).toContainEqual({ metric: 'interface_oper_status', labels: { device: 'ether1' }, value: 1 })
    expect(gauges).toContainEqual({ metric: 'node_boot_time_seconds', value: 870 })
  })

  it('after a restart tells no growth at all, although counters stand higher than before', () => {
    const { deltas, hasMoved } = readRound(plan, remember(first), round(900, 30_000, rows(500_000n, 20)), 0)
    expect({ deltas, hasMoved }).toEqual({ deltas: [], hasMoved: true })
  })

  it('in which one counter of an interface was set back tells no growth of that interface', () => {
    expect(readRound(plan, remember(first), round(13_000, 30_000, rows(10n, 9)), 0).deltas).toEqual([])
    expect(readRound(plan, remember(first), round(13_000, 30_000, rows(4_000n, 9, 12_000)), 0).deltas).toEqual([])
  })

  it('with a spike above the speed of the line tells no growth, and the next one goes on', () => {
    const spike = round(13_000, 30_000, rows(10n ** 15n, 7))
    expect(readRound(plan, remember(first), spike, 0).deltas).toEqual([])
    const after = round(16_000, 60_000, rows(10n ** 15n + 50n, 7))
    expect(readRound(plan, remember(spike), after, 0).deltas[0]).toMatchObject({ metric: bytes, growth: 50n })
  })

  it('of an interface without a speed tells growth and no speed', () => {
    const slow = planPolling([interfaceOf({ device: 'ether1', index: 1, speedBps: null })], [])
    const { deltas, gauges } = readRound(slow, remember(first), round(13_000, 30_000, rows(4_000n, 7)), 0)
    expect(deltas[0]).toMatchObject({ growth: 3_000n })
    expect(gauges.some(({ metric }) => metric === 'node_network_speed_bytes')).toBe(false)
  })

  it('marks what a counter of 32 bits tells of a line that can take it round twice, and nothing of 64 bits', () => {
    const doubts = (speedBps: number | null, afterMs: number) => {
      const narrow = interfaceOf({ device: 'ether1', index: 1, speedBps, offered: new Set(['inOctets']) })
      const old = planPolling([narrow], [])
      const at = (total: number, ms: number) => round(ms / 10, ms, { [`${IF}.10.1`]: errors(total) }, old)
      const { deltas, gauges } = readRound(old, remember(at(1_000, 100_000)), at(2_000, 100_000 + afterMs), 0)
      expect(deltas[0]).toMatchObject({ metric: bytes, growth: 1_000n })
      return gauges.find(({ metric }) => metric === 'interface_counters_doubtful')?.value
    }
    expect(doubts(10_000_000_000, 30_000)).toBe(1)
    expect(doubts(1_000_000_000, 30_000)).toBe(0)
    expect(doubts(1_000_000_000, 60_000)).toBe(1)
    expect(doubts(null, 60_000)).toBe(0)
    const { gauges } = readRound(plan, remember(first), round(13_000, 30_000, rows(4_000n, 9)), 0)
    expect(gauges.map(({ metric }) => metric)).not.toContain('interface_counters_doubtful')
  })

  it('after interfaces were added says that numbers may have moved', () => {
    const number = (value: number) => ({ '1.3.6.1.2.1.2.1.0': { type: 'integer', value } as const })
    const before = round(10_000, 0, { ...rows(1_000n), ...number(4) })
    const after = round(13_000, 30_000, { ...rows(2_000n), ...number(5) })
    expect(readRound(plan, remember(before), after, 0)).toMatchObject({ hasMoved: true, deltas: [] })
  })
})

describe('an interface', () => {
  it('keeps its name when its number moves at a boot', () => {
    const before = uniqueNames([
      { index: 1, name: 'ether1', alias: 'WAN' },
      { index: 2, name: 'ether2', alias: '' },
    ])
    const after = uniqueNames([
      { index: 7, name: 'ether2', alias: '' },
      { index: 9, name: 'ether1', alias: 'WAN' },
    ])
    expect([before.get(1), after.get(9)]).toEqual(['ether1', 'ether1'])
    expect([before.get(2), after.get(7)]).toEqual(['ether2', 'ether2'])
  })

  it('that shares its name is told apart by what was written on it, else by its number', () => {
    const names = uniqueNames([
      { index: 1, name: 'port', alias: 'ISP A' },
      { index: 2, name: 'port', alias: 'ISP B' },
      { index: 3, name: 'port', alias: '' },
    ])
    expect([...names.values()]).toEqual(['port (ISP A)', 'port (ISP B)', 'port #3'])
  })

  it('has names that are all different, whatever a device says', () => {
    const row = fc.record({ name: fc.constantFrom('a', 'b', 'a (x)', 'a #2'), alias: fc.constantFrom('', 'x', 'y') })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), list => {
        const names = [...uniqueNames(list.map((one, at) => ({ ...one, index: at + 1 }))).values()]
        expect(new Set(names).size).toBe(list.length)
      }),
    )
  })

  it('has the speed that it can say: ifHighSpeed beyond 4 Gbit/s, none for 0', () => {
    expect(speedOf(4_294_967_295, 10_000)).toBe(10_000_000_000)
    expect(speedOf(100_000_000, 0)).toBe(100_000_000)
    expect(speedOf(100_000_000, 100)).toBe(100_000_000)
    expect(speedOf(0, 0)).toBeNull()
  })
})
