import { isIPv6 } from 'node:net'

/**
 * Who counts as one address: an IPv4 address, or the /64 of an IPv6 address, since one machine has the whole /64 to
 * choose from (RFC 6177). IPv4 in IPv6 clothes (::ffff:192.0.2.1) is IPv4.
 */
export function addressGroup(remoteAddress: string): string {
  const address = remoteAddress.split('%', 1)[0] ?? ''
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('::', 2)
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    // A dotted quad at the end stands for two groups.
    const tailGroups = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0)
    const filled = Math.max(0, 8 - groups.length - tailGroups)
    groups.push(...Array.from({ length: filled }, () => '0'), ...(tail === '' ? [] : tail.split(':')))
  }
  const network = groups.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}
