import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FoundInterface } from '../../../protocol/snmp.ts'
import { type KnownInterface, matchInterfaces } from '../../../server/inventory/match-interfaces.ts'

const found = (device: string, alias = '', mac: string | null = null): FoundInterface => ({
  ...{ device, alias, mac, index: 1, type: 6, speedBps: null, addresses: [], counters: '64-bit' },
})
const known = (name: string, alias = '', mac: string | null = null): KnownInterface => ({
  ...{ id: `id of ${name}`, name, alias, mac, type: 6 },
})
const names = (pairs: { found: FoundInterface; known: KnownInterface | null }[]) =>
  pairs.map(pair => [pair.found.device, pair.known?.name ?? null])

describe('interfaces that are found again', () => {
  it('are the same by their name first, then by their label, then by their address', () => {
    const MAC = '4c:5e:0c:00:00:01'
    const { pairs, gone } = matchInterfaces(
      [known('ether1', 'WAN'), known('ether2', 'LAN'), known('ether3', '', MAC), known('ether4')],
      [found('ether2', 'WAN'), found('uplink', 'WAN'), found('port3', '', MAC), found('ether5')],
    )
    expect(names(pairs)).toEqual([
      ...[
        ['ether2', 'ether2'],
        ['uplink', 'ether1'],
        ['port3', 'ether3'],
      ],
      ['ether5', null],
    ])
    expect(gone.map(({ name }) => name)).toEqual(['ether4'])
    const renamed = matchInterfaces([known('ether1', 'WAN')], [found('wan0', 'WAN')])
    expect(names(renamed.pairs)).toEqual([['wan0', 'ether1']])
  })

  it('are not guessed at where two could be it', () => {
    const { pairs, gone } = matchInterfaces([known('a', 'LAN'), known('b', 'LAN')], [found('c', 'LAN')])
    expect(names(pairs)).toEqual([['c', null]])
    expect(gone).toHaveLength(2)
  })

  it('are each somebody once: nothing is matched twice and nothing is lost', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const alias = fc.constantFrom('', 'LAN', 'WAN')
    const mac = fc.constantFrom(null, '4c:5e:0c:00:00:01', '4c:5e:0c:00:00:02')
    const set = fc.uniqueArray(fc.tuple(name, alias, mac), { selector: ([one]) => one })
    fc.assert(
      fc.property(set, set, (before, after) => {
        const was = before.map(one => known(...one))
        const is = after.map(one => found(...one))
        const { pairs, gone } = matchInterfaces(was, is)
        expect(pairs.map(pair => pair.found)).toEqual(is)
        const matched = pairs.flatMap(pair => pair.known ?? [])
        expect(new Set([...matched, ...gone]).size).toBe(was.length)
        expect(matched.length + gone.length).toBe(was.length)
        for (const pair of pairs) {
          const sameName = was.find(one => one.name === pair.found.device)
          if (sameName !== undefined) expect(pair.known).toBe(sameName)
        }
      }),
    )
  })
})
