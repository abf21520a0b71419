import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressGroup } from '../../../server/access/address-group.ts'

describe('the group of an address', () => {
  it.each([
    ['192.0.2.10', '192.0.2.10'],
    ['::ffff:192.0.2.10', '192.0.2.10'],
    ['::FFFF:192.0.2.10', '192.0.2.10'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.33', '1:2:3:4::/64'],
    ['::2:3:4:5:192.0.2.33', '0:0:2:3::/64'],
    ['', ''],
  ])('%s is %s', (address, group) => expect(addressGroup(address)).toBe(group))

  it('is the first 64 bits however an IPv6 address is written', () =>
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff }), { minLength: 8, maxLength: 8 }), groups => {
        const network = groups.slice(0, 4).map(group => group.toString(16))
        const long = groups.map(group => group.toString(16).padStart(4, '0')).join(':')
        // URL writes the shortest form (RFC 5952), with "::" for the longest run of zeros.
        const short = new URL(`http://[${long}]/`).hostname.slice(1, -1)
        fc.pre(!short.startsWith('::ffff:'))
        expect(addressGroup(long)).toBe(`${network.join(':')}::/64`)
        expect(addressGroup(short)).toBe(`${network.join(':')}::/64`)
      }),
    ))
})
