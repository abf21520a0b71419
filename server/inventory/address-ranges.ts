import { isIP } from 'node:net'

/** What can't be understood of a range; the text begins with the range as it was written. */
export class RangeProblem extends Error {}

/**
 * Addresses of a list of ranges as people write them: "10.1.0.7", "2001:db8::1", "10.1.0.0/24", "10.1.0.10-10.1.0.20" or
 * "10.1.0.10-20". Each once, in their order. In a subnet larger than a /31 its own and its broadcast address are no
 * devices. Throws RangeProblem for what is no range, and as soon as there are more than `most`.
 */
export function addressesOf(ranges: readonly string[], most: number): string[] {
  const found = new Set<string>()
  for (const range of ranges.map(text => text.trim())) {
    for (const address of addressesOfRange(range, most)) found.add(address)
    if (found.size > most) throw new RangeProblem(`${range}: more than ${most} addresses together`)
  }
  return [...found]
}

function addressesOfRange(range: string, most: number): string[] {
  if (isIP(range) !== 0 && !range.includes('%')) return [range]
  const [first = '', bits = ''] = range.split('/')
  if (isIP(first) === 4 && /^\d{1,2}$/.test(bits) && Number(bits) <= 32) return subnet(range, first, Number(bits), most)
  const [from = '', until = ''] = range.split('-').map(text => text.trim())
  const to = isIP(until) === 4 ? until : `${from.slice(0, from.lastIndexOf('.'))}.${until}`
  if (isIP(from) === 4 && isIP(to) === 4) return between(range, numberOf(from), numberOf(to), most)
  throw new RangeProblem(`${range}: is no address, subnet or range of addresses`)
}

function subnet(range: string, address: string, bits: number, most: number): string[] {
  const size = 2 ** (32 - bits)
  const first = Math.floor(numberOf(address) / size) * size
  return bits >= 31 ? between(range, first, first + size - 1, most) : between(range, first + 1, first + size - 2, most)
}

function between(range: string, from: number, to: number, most: number): string[] {
  if (to < from) throw new RangeProblem(`${range}: ends before it begins`)
  if (to - from >= most) throw new RangeProblem(`${range}: more than ${most} addresses together`)
  return Array.from({ length: to - from + 1 }, (_, index) => textOf(from + index))
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const textOf = (value: number): string => [24, 16, 8, 0].map(shift => Math.floor(value / 2 ** shift) % 256).join('.')
