import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import type { Pinger } from '../../../../agent/sources/probes/icmp/pinger.ts'
import { createProbeEngine, type Told } from '../../../../agent/sources/probes/probe-engine.ts'
import { defaultRoutes, isBlind, isCutOff } from '../../../../agent/sources/probes/self-check.ts'
import type { Gauge } from '../../../../agent/sources/source.ts'
import { type ProbeTarget, probeTarget } from '../../../../protocol/probes.ts'
import { makeNamespace, startWithin } from './support/namespace.ts'

const CHILD = fileURLToPath(new URL('../../../../agent/sources/probes/probes-child.ts', import.meta.url))
const idOf = (number: number): string => `0190a7f0-0000-7000-8000-${String(number).padStart(12, '0')}`

const router = (number: number, parents: string[] = []): ProbeTarget =>
  probeTarget.parse({
    ...{ id: idOf(number + 100), subject: idOf(number), name: 'icmp', parents },
    ...{ everyMs: 1_000, retryEveryMs: 200, timeoutMs: 200, figuresEveryMs: 5_000 },
    check: { kind: 'icmp', address: `10.98.0.${number}` },
  })

/** A poller and, at the other end of a cable, a site with routers. */
function makeSite(routers: number[]) {
  const poller = makeNamespace()
  const site = makeNamespace()
  poller.ip('link', 'add', 'p0', 'type', 'veth', 'peer', 'name', 'r0', 'netns', site.name)
  poller.ip('address', 'add', '10.98.0.1/24', 'dev', 'p0')
  poller.ip('link', 'set', 'p0', 'up')
  for (const number of routers) site.ip('address', 'add', `10.98.0.${number}/24`, 'dev', 'r0')
  site.ip('link', 'set', 'r0', 'up')
  return { poller, site }
}

function startProbes(namespace: string, targets: ProbeTarget[]) {
  const child = startWithin(namespace, [process.execPath, CHILD])
  child.say(JSON.stringify({ targets }))
  const heard: Gauge[] = []
  const facts: Told['facts'] = []
  const listen = async (): Promise<void> => {
    const told = (await child.ask(JSON.stringify({ take: 'all' }))) as Told
    heard.push(...told.gauges)
    facts.push(...told.facts)
  }
  return {
    heard,
    facts,
    async until(what: string, holds: () => boolean): Promise<void> {
      for (const endMs = performance.now() + 50_000; performance.now() < endMs; ) {
        await listen()
        if (holds()) return
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      throw new Error(`never came: ${what}; heard ${JSON.stringify(heard.slice(-20))}`)
    },
    up: (number: number): number[] =>
      heard
        .filter(({ metric, subject }) => metric === 'probe_up' && subject === idOf(number))
        .map(({ value }) => Number(value)),
    self: (): number[] => heard.filter(({ metric }) => metric === 'probe_self_ok').map(({ value }) => Number(value)),
  }
}

describe('a poller with routers at the other end of its cable', () => {
  it('tells who is down from the first silence on, and up again; its own cable blames nobody', async () => {
    const routers = [2, 3, 4]
    const { poller, site } = makeSite(routers)
    const probes = startProbes(
      poller.name,
      routers.map(number => router(number, number === 2 ? [] : [idOf(2)])),
    )
    await probes.until('all up', () => routers.every(number => probes.up(number).at(-1) === 1))
    expect(probes.facts).toContainEqual(expect.objectContaining({ name: 'probe.icmp', value: 'fping' }))

    const diedAt = Date.now()
    site.ip('address', 'del', '10.98.0.3/24', 'dev', 'r0')
    await probes.until('one down', () => probes.up(3).at(-1) === 0)
    const told3 = probes.heard.filter(({ metric, subject }) => metric === 'probe_up' && subject === idOf(3))
    const first = told3.find(({ value }) => value === 0)
    expect(first?.atMs).toBeGreaterThan(diedAt - 1_000)
    expect(first?.atMs).toBeGreaterThan(Number(told3.filter(({ value }) => value === 1).at(-1)?.atMs))
    expect(probes.facts.at(-1)).toMatchObject({ name: 'probe.icmp.failure', subject: idOf(3) })
    expect([probes.up(2), probes.up(4), probes.self()].flat()).not.toContain(0)
    site.ip('address', 'add', '10.98.0.3/24', 'dev', 'r0')
    await probes.until('up again', () => probes.up(3).at(-1) === 1)

    site.ip('link', 'set', 'r0', 'down')
    await probes.until('blind', () => probes.self().at(-1) === 0)
    const toldBefore = probes.heard.length
    await probes.until(
      'two more rounds',
      () =>
        probes
          .self()
          .slice(-40)
          .every(one => one === 0) && probes.self().length > 40,
    )
    const told = probes.heard.slice(toldBefore).filter(({ metric }) => metric !== 'probe_self_ok')
    expect(told).toEqual([])
    expect(probes.up(2)).not.toContain(0)
    site.ip('link', 'set', 'r0', 'up')
    const toldBlind = probes.heard.length
    await probes.until('sight again', () =>
      routers.every(number =>
        probes.heard
          .slice(toldBlind)
          .some(({ subject, metric, value }) => subject === idOf(number) && metric === 'probe_up' && value === 1),
      ),
    )
    expect(probes.self().at(-1)).toBe(1)
    expect(probes.heard.map(({ metric }) => metric)).toContain('probe_icmp_loss_ratio')
  })
})

describe('a machine on which nothing can be pinged', () => {
  const engineWith = (pinger: Pinger | undefined) => {
    const engine = createProbeEngine({
      ...{ clock: systemClock, pinger, onNews: () => {} },
      readOwnNetwork: async () => ({ links: new Map([['eth0', 'carrier']]), defaultLinks: [], gateway: undefined }),
    })
    onTestFinished(() => engine.stop())
    engine.setTargets([router(2)])
    return engine
  }
  const icmpOf = (told: Told) => told.facts.find(({ name }) => name === 'probe.icmp')?.value

  it('says so, and nothing of whom it should have asked', async () => {
    const without = engineWith(undefined)
    expect(icmpOf(without.take('all'))).toMatch(/^not-offered: /)
    const sweep = () => Promise.reject(new Error('spawn EPERM'))
    const broken = engineWith({ description: 'fping', mostAddresses: 9, spacingMs: 0, sweep })
    let icmp: unknown
    const metrics = new Set<string>()
    for (const endMs = performance.now() + 30_000; icmp !== 'spawn EPERM' && performance.now() < endMs; ) {
      const told = broken.take('all')
      for (const { metric } of told.gauges) metrics.add(metric)
      icmp = icmpOf(told) ?? icmp
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    expect(icmp).toBe('spawn EPERM')
    expect([...metrics]).toEqual(['probe_self_ok'])
  })
})

describe('whether a poller has a network', () => {
  const links = (carrier: 'carrier' | 'no-carrier') =>
    new Map([['eth0', carrier] as const, ['docker0', 'carrier'] as const])
  it('is told by the links of its default route, then by the gateway, and anybody who answers', () => {
    expect(isCutOff({ links: links('carrier'), defaultLinks: ['eth0'], gateway: undefined }, true)).toBe(false)
    expect(isCutOff({ links: links('no-carrier'), defaultLinks: ['eth0'], gateway: undefined }, true)).toBe(true)
    expect(isCutOff({ links: links('no-carrier'), defaultLinks: [], gateway: undefined }, true)).toBe(true)
    expect(isCutOff({ links: links('no-carrier'), defaultLinks: [], gateway: undefined }, false)).toBe(false)
    expect(isBlind({ cutOff: true, heardSince: true, gateway: 'silent' })).toBe(false)
    expect(isBlind({ cutOff: false, heardSince: false, gateway: 'silent' })).toBe(true)
    expect(isBlind({ cutOff: false, heardSince: false, gateway: 'unfit' })).toBe(false)
  })

  it('is read from the tables of the kernel', () => {
    const ipv4 = [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
      'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
    ].join('\n')
    const zeros = '0'.repeat(32)
    const ipv6 = `${zeros} 00 ${zeros} 00 fe80${'0'.repeat(27)}1 00000400 00000001 00000000 00000003     eth1\n`
    expect(defaultRoutes(ipv4, ipv6)).toEqual({ defaultLinks: ['eth0', 'eth1'], gateway: '192.0.2.1' })
  })
})
