import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressesOf, RangeProblem } from '../../../server/inventory/address-ranges.ts'

describe('ranges of addresses', () => {
  it('are addresses, subnets and spans, each address once and in order', () => {
    expect(addressesOf(['10.1.0.7', '10.1.0.6-10.1.0.8', '2001:db8::1'], 10)).toEqual([
      ...['10.1.0.7', '10.1.0.6', '10.1.0.8', '2001:db8::1'],
    ])
    expect(addressesOf(['192.0.2.130/29'], 10)).toEqual([129, 130, 131, 132, 133, 134].map(last => `192.0.2.${last}`))
    expect(addressesOf(['192.0.2.8/31', '192.0.2.9/32'], 10)).toEqual(['192.0.2.8', '192.0.2.9'])
    expect(addressesOf(['10.0.0.254-10.0.1.1'], 10)).toEqual(['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1'])
    expect(addressesOf(['10.1.0.10-12'], 10)).toEqual(['10.1.0.10', '10.1.0.11', '10.1.0.12'])
  })

  it('are refused by name when they are none, run backwards, or are too many', () => {
    const bad = [
      'opd.go.id',
      '10.0.0.1/33',
      '10.0.0.1/x',
      '10.0.0.9-10.0.0.1',
      'fe80::1%eth0',
      '10.0.0/24',
      '-',
      '/',
      '',
    ]
    for (const range of bad) {
      expect(() => addressesOf([range], 1_024)).toThrow(RangeProblem)
      expect(() => addressesOf([range], 1_024)).toThrow(`${range}:`)
    }
    for (const many of ['0.0.0.0/0', '10.0.0.0/21', '10.0.0.0-10.255.255.255']) {
      expect(() => addressesOf([many], 1_024)).toThrow('more than 1024')
    }
    expect(() => addressesOf(['10.0.0.0/23', '10.0.2.0/23', '10.0.4.1'], 1_020)).toThrow('10.0.4.1: more than 1020')
  })

  it('of any subnet hold the address that it was written with, unless that is its own or its broadcast address', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 23, max: 32 }), (address, bits) => {
        const all = addressesOf([`${address}/${bits}`], 1_024)
        const size = 2 ** (32 - bits)
        expect(all).toHaveLength(bits >= 31 ? size : size - 2)
        const last = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) % size
        if (bits >= 31 || (last !== 0 && last !== size - 1)) expect(all).toContain(address)
      }),
    )
  })
})
