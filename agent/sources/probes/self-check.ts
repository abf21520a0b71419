// A poller that has no network itself must blame nobody. What decides is pure; what it is decided on is read from /proc and
// /sys of the network namespace that the poller lives in.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export type OwnNetwork = {
  /** Interfaces but the loopback, with whether a cable (or its like) is there. */
  links: ReadonlyMap<string, 'carrier' | 'no-carrier'>
  /** Interfaces that a default route goes by. */
  defaultLinks: readonly string[]
  /** The first IPv4 gateway; undefined where there is none. */
  gateway: string | undefined
}

/** Whether this machine can hear anybody at all, as far as its own interfaces and routes tell. */
export function isCutOff(now: OwnNetwork, hadDefaultRoute: boolean): boolean {
  if (now.defaultLinks.length > 0) return now.defaultLinks.every(name => now.links.get(name) !== 'carrier')
  // Taking a link down takes its routes with it; bridges of containers stay and say nothing.
  return hadDefaultRoute || ![...now.links.values()].includes('carrier')
}

export type Testimony = {
  cutOff: boolean
  /** Whether anybody answered since the first question that this failure began with. */
  heardSince: boolean
  /** Whether the gateway answers now; `unfit` where it never did or there is none, and where it is watched itself. */
  gateway: 'answers' | 'silent' | 'unfit'
}

/** Somebody's answer beats everything; without one, a cut cable or a gateway that fell silent makes us blind. */
export function isBlind({ cutOff, heardSince, gateway }: Testimony): boolean {
  return !heardSince && (cutOff || gateway === 'silent')
}

const RTF_UP = 1
const RTF_GATEWAY = 2

export async function readOwnNetwork(procRoot: string, sysRoot: string): Promise<OwnNetwork> {
  const net = join(sysRoot, 'class/net')
  const names = (await readdir(net)).filter(name => name !== 'lo')
  const links = new Map<string, 'carrier' | 'no-carrier'>()
  for (const name of names) {
    // Of a link that is down it can't be read at all.
    const carrier = await readFile(join(net, name, 'carrier'), 'latin1').catch(() => '0')
    links.set(name, carrier.trim() === '1' ? 'carrier' : 'no-carrier')
  }
  const ipv4 = await readFile(join(procRoot, 'self/net/route'), 'latin1').catch(() => '')
  const ipv6 = await readFile(join(procRoot, 'self/net/ipv6_route'), 'latin1').catch(() => '')
  return { links, ...defaultRoutes(ipv4, ipv6) }
}

/** Of the kernel's tables (proc(5)); addresses of IPv4 stand there in the byte order of the machine, here little endian. */
export function defaultRoutes(ipv4: string, ipv6: string): Pick<OwnNetwork, 'defaultLinks' | 'gateway'> {
  const defaultLinks = new Set<string>()
  let gateway: string | undefined
  for (const line of ipv4.split('\n').slice(1)) {
    const [name, destination, via = '', flags = '', , , , mask] = line.split('\t')
    const bits = Number.parseInt(flags, 16)
    if (name === undefined || destination !== '00000000' || mask !== '00000000' || (bits & RTF_UP) === 0) continue
    defaultLinks.add(name)
    if ((bits & RTF_GATEWAY) !== 0) gateway ??= Buffer.from(via, 'hex').reverse().join('.')
  }
  for (const line of ipv6.split('\n')) {
    const [destination, length, , , , , , , flags = '', name] = line.trim().split(/\s+/)
    if (destination !== '0'.repeat(32) || length !== '00' || name === undefined || name === 'lo') continue
    if ((Number.parseInt(flags, 16) & RTF_UP) !== 0) defaultLinks.add(name)
  }
  return { defaultLinks: [...defaultLinks], gateway }
}
