import { numberOf, type SnmpValue } from '../value.ts'
import type { DeviceReader } from './device-reader.ts'

/** ipAddressIfIndex and ipAddressPrefix (RFC 4293), and the older ipAdEntIfIndex and ipAdEntNetMask (RFC 1213). */
const NEW = { ifIndex: '1.3.6.1.2.1.4.34.1.3', prefix: '1.3.6.1.2.1.4.34.1.5' }
const OLD = { ifIndex: '1.3.6.1.2.1.4.20.1.2', mask: '1.3.6.1.2.1.4.20.1.3' }

/** Addresses with their prefix ("192.0.2.1/24") by ifIndex. A device fills one table or the other, or both. */
export async function addressesByIndex(reader: DeviceReader): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>()
  const add = (ifIndex: SnmpValue | undefined, address: string | undefined, prefix: number | undefined): void => {
    const index = ifIndex && numberOf(ifIndex)
    if (index === undefined || address === undefined || isUnspecified(address)) return
    const known = found.get(index) ?? []
    if (!known.some(one => one.split('/')[0] === address))
      known.push(prefix === undefined ? address : `${address}/${prefix}`)
    found.set(index, known)
  }
  const masks = await reader.column(OLD.mask)
  for (const [row, ifIndex] of await reader.column(OLD.ifIndex)) {
    const mask = masks.get(row)
    const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(row)
    add(ifIndex, isAddress ? row : undefined, mask?.type === 'address' ? prefixOfMask(mask.value) : undefined)
  }
  const prefixes = await reader.column(NEW.prefix)
  for (const [row, ifIndex] of await reader.column(NEW.ifIndex)) {
    const pointer = prefixes.get(row)
    add(ifIndex, addressOfIndex(row), pointer?.type === 'oid' ? lastNumber(pointer.value) : undefined)
  }
  return found
}

/** What a device says that has no address. */
export const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::'

/** "255.255.255.0" is 24; undefined for a mask with holes. */
export function prefixOfMask(mask: string): number | undefined {
  const bits = mask
    .split('.')
    .map(part => Number(part).toString(2).padStart(8, '0'))
    .join('')
  return /^1*0*$/.test(bits) && bits.length === 32 ? bits.replaceAll('0', '').length : undefined
}

/** Index by type, length and octets: 1.4.192.0.2.1, or 2.16 and sixteen numbers. Zones are left out. */
export function addressOfIndex(index: string): string | undefined {
  const [type, length, ...octets] = index.split('.').map(Number)
  if (type === 1 && length === 4 && octets.length === 4) return octets.join('.')
  if (type !== 2 || length !== 16 || octets.length !== 16) return undefined
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((octets[2 * at] ?? 0) * 256 + (octets[2 * at + 1] ?? 0)).toString(16),
  )
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/** ipAddressPrefix points to a row of ipAddressPrefixTable, whose index ends with the length. */
function lastNumber(pointer: string): number | undefined {
  const last = Number(pointer.split('.').at(-1))
  return pointer !== '0.0' && last >= 0 && last <= 128 ? last : undefined
}
