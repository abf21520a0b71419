import { describe, expect, it } from 'vitest'
import { adjacenciesOf, type Heard, proposeParents } from '../../../server/inventory/neighbours.ts'
import type { Edge } from '../../../server/inventory/topology.ts'

const device = (id: string, ...addresses: string[]) => ({ id, names: [id], addresses, ports: [] })
const heard = (deviceId: string, interfaceName: string, name: string, more: Partial<Heard> = {}): Heard => ({
  ...{ deviceId, interfaceName, name, port: null, address: null },
  ...more,
})
const cable = (left: string, right: string) => ({
  left: { deviceId: left, interfaceName: null },
  right: { deviceId: right, interfaceName: null },
})
const propose = (cables: string[], more: { edges?: Edge[]; central?: string[]; said?: string[] } = {}) =>
  proposeParents({
    adjacencies: cables.map(one => cable(one.slice(0, 1), one.slice(1))),
    ...{ edges: more.edges ?? [], central: new Set(more.central), said: new Set(more.said) },
  })
    .map(({ childId, parentId }) => `${childId}>${parentId}`)
    .sort()

describe('who stands next to whom', () => {
  it('is told by address or by name, from both ends once; who could be two of ours, or is none, is nobody', () => {
    const devices = [device('core', '10.0.0.1'), device('Dinkes', '10.0.0.2'), device('twin'), device('other')]
    const told = [
      heard('core', 'ether3', 'some-router', { address: '10.0.0.2', port: 'ether1' }),
      heard('Dinkes', 'ether1', 'CORE', { port: 'ether3' }),
      heard('core', 'ether4', 'twin'),
      heard('core', 'ether5', 'a telephone'),
    ]
    const twins = [...devices, { ...device('second'), names: ['twin'] }]
    expect(adjacenciesOf(told, twins)).toEqual([
      {
        left: { deviceId: 'Dinkes', interfaceName: 'ether1' },
        right: { deviceId: 'core', interfaceName: 'ether3' },
      },
    ])
  })

  it('is told by the MAC of a port, which names the port too; one that two have, as virtual routers do, is nobody', () => {
    const ports = [
      { name: 'ether1', mac: '02:00:00:00:00:01' },
      { name: 'ether2', mac: '02:00:00:00:00:02' },
      { name: 'bridge', mac: '02:00:00:00:00:02' },
      { name: 'vrrp1', mac: '00:00:5e:00:01:0a' },
    ]
    const puskesmas = { ...device('puskesmas'), ports }
    const devices = [device('core'), puskesmas, { ...device('other'), ports: ports.slice(3) }]
    const endsOf = (name: string, port: string | null) =>
      adjacenciesOf([heard('core', 'sfp1', name, { port })], devices).map(({ right }) => right)
    expect(endsOf('no name', '02:00:00:00:00:01')).toEqual([{ deviceId: 'puskesmas', interfaceName: 'ether1' }])
    expect(endsOf('02:00:00:00:00:01', 'uplink')).toEqual([{ deviceId: 'puskesmas', interfaceName: 'uplink' }])
    expect(endsOf('puskesmas', '02:00:00:00:00:02')).toEqual([{ deviceId: 'puskesmas', interfaceName: null }])
    expect(endsOf('no name', '00:00:5e:00:01:0a')).toEqual([])
  })
})

describe('who is proposed as parent', () => {
  it('whatever is one step nearer to the data centre, both where there are two', () => {
    expect(propose(['ab', 'ac', 'bd', 'cd'], { central: ['a'] })).toEqual(['b>a', 'c>a', 'd>b', 'd>c'])
  })

  it('nobody for whom a person said something, and never a ring with what people said', () => {
    expect(propose(['ab', 'bc'], { central: ['a'], said: ['b'] })).toEqual(['c>b'])
    const edges = [{ childId: 'a', parentId: 'b' }]
    expect(propose(['ab', 'bc'], { central: ['a'], edges, said: ['a'] })).toEqual(['c>b'])
  })

  it('without a data centre it hangs from what has most neighbours, and where two have as many from nothing', () => {
    expect(propose(['ab', 'ac', 'ad'])).toEqual(['b>a', 'c>a', 'd>a'])
    expect(propose(['ab'])).toEqual([])
    expect(propose(['ab', 'cd', 'ce'], { edges: [{ childId: 'x', parentId: 'a' }] })).toEqual(['b>a', 'd>c', 'e>c'])
  })
})
