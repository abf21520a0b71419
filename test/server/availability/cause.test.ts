import { describe, expect, it } from 'vitest'
import { type BootRun, causeOf, isSameBoot, withBoot } from '../../../server/availability/cause.ts'
import { lineUpIn } from '../../../server/availability/line-up.ts'
import { type Companion, sharedAt } from '../../../server/availability/shared-outages.ts'
import { splitByParents } from '../../../server/availability/unreachable.ts'
import type { SharedTrait } from '../../../server/inventory/topology.ts'

const MINUTE = 60_000
const outage = { from: 100 * MINUTE, to: 130 * MINUTE }
const nothing = { outage, planned: [], upstream: [], boots: [], lineUp: [] }
const boot = (bootedAt: number, seenFrom: number, seenTo: number): BootRun => ({ bootedAt, seenFrom, seenTo })

describe('why a subject was down', () => {
  it('rebooted is power, pulled is link', () => {
    const before = boot(0, 1 * MINUTE, 99 * MINUTE)
    expect(causeOf({ ...nothing, boots: [before, boot(128 * MINUTE, 131 * MINUTE, 140 * MINUTE)] })).toEqual({
      cause: 'power',
      evidence: { kind: 'restarted', bootedAt: 128 * MINUTE },
    })
    expect(causeOf({ ...nothing, boots: [boot(0, 1 * MINUTE, 131 * MINUTE)] })).toEqual({
      cause: 'link',
      evidence: { kind: 'ran-on', bootedAt: 0, seenAgainAt: 131 * MINUTE },
    })
  })

  it('while it is silent, and where its uptime can not be read, nobody knows', () => {
    expect(causeOf({ ...nothing, boots: [boot(0, 1 * MINUTE, 99 * MINUTE)] }).cause).toBe('unknown')
    expect(causeOf(nothing)).toEqual({ cause: 'unknown', evidence: { kind: 'nothing' } })
    expect(causeOf({ ...nothing, boots: [boot(10 * MINUTE, 11 * MINUTE, 20 * MINUTE)] }).cause).toBe('unknown')
  })

  it('a parent that was down comes before what the device itself says, planned work before all', () => {
    const upstream = [{ from: 101 * MINUTE, to: 130 * MINUTE, parentIds: ['core'] }]
    const boots = [boot(0, 1 * MINUTE, 131 * MINUTE)]
    expect(causeOf({ ...nothing, upstream, boots }).cause).toBe('upstream')
    const planned = [{ from: 90 * MINUTE, to: 125 * MINUTE, maintenanceId: 'm' }]
    expect(causeOf({ ...nothing, upstream, planned }).cause).toBe('planned')
    // Work that was over before most of the outage did not plan it.
    expect(causeOf({ ...nothing, planned: [{ from: 0, to: 101 * MINUTE, maintenanceId: 'm' }] }).cause).toBe('unknown')
  })

  it('its line was up and it did not answer: the device, also when somebody then switched it off and on', () => {
    const lineUp = [{ from: 105 * MINUTE, to: 127 * MINUTE, neighbourId: 'core', interfaceName: 'ether3' }]
    const evidence = { kind: 'line-up', seenAt: 105 * MINUTE, neighbourId: 'core', interfaceName: 'ether3' }
    expect(causeOf({ ...nothing, lineUp })).toEqual({ cause: 'device', evidence })
    const boots = [boot(128 * MINUTE, 131 * MINUTE, 140 * MINUTE)]
    expect(causeOf({ ...nothing, lineUp, boots }).cause).toBe('device')
    // Seen up only while it started: the power was away before.
    const late = lineUp.map(one => ({ ...one, from: 127 * MINUTE }))
    expect(causeOf({ ...nothing, lineUp: late, boots }).cause).toBe('power')
  })

  it('a port speaks from its next reading on, and not where it went down with the outage', () => {
    const up = { state: 'up', from: 0, to: 125 * MINUTE } as const
    expect(lineUpIn([up], outage, MINUTE)).toEqual([{ from: 101 * MINUTE + 10_000, to: 125 * MINUTE }])
    expect(lineUpIn([{ ...up, to: 101 * MINUTE }], outage, MINUTE)).toEqual([])
    const cut = [
      { ...up, to: 101 * MINUTE },
      { state: 'down', from: 101 * MINUTE, to: 120 * MINUTE },
      { ...up, from: 120 * MINUTE },
    ] as const
    expect(lineUpIn(cut, outage, MINUTE)).toEqual([])
  })
})

describe('what fails together', () => {
  const trait = { what: 'power', id: 'Penyulang Mawar' } as const
  const companion = (id: string, from: number, to: number, traits: readonly SharedTrait[] = [trait]): Companion => {
    return { id, machineId: id, traits, down: [{ from: from * MINUTE, to: to * MINUTE }] }
  }
  const own = { id: 'a', machineId: 'a', traits: [trait] }

  it('on one feeder lacks its power; one that still stands acquits it, one that was dead long before does not', () => {
    const together = companion('b', 100, 131)
    const shared = [{ ...trait, subjectIds: ['a', 'b'] }]
    expect(sharedAt(outage, own, [together])).toEqual(shared)
    expect(sharedAt(outage, own, [together, companion('c', 0, 200)])).toEqual(shared)
    expect(sharedAt(outage, own, [together, companion('c', 140, 150)])).toEqual([])
    expect(sharedAt(outage, own, [companion('c', 0, 200)])).toEqual([])
    expect(causeOf({ ...nothing, shared })).toEqual({ cause: 'power', evidence: { kind: 'shared', ...shared[0] } })
  })

  it('a link and the router at its end are one witness', () => {
    expect(sharedAt(outage, own, [{ ...companion('link', 100, 131), machineId: 'a' }])).toEqual([])
  })

  it('all links of a provider are its line, all of a site may be anything; its own word counts more', () => {
    const isp = { what: 'provider' as const, id: 'isp', subjectIds: ['a', 'b'] }
    expect(causeOf({ ...nothing, shared: [isp] }).cause).toBe('link')
    expect(causeOf({ ...nothing, shared: [{ ...isp, what: 'site' as const }] })).toMatchObject({
      cause: 'unknown',
      evidence: { kind: 'shared', what: 'site' },
    })
    const boots = [boot(128 * MINUTE, 131 * MINUTE, 140 * MINUTE)]
    expect(causeOf({ ...nothing, shared: [isp], boots }).cause).toBe('power')
  })
})

describe('boots', () => {
  it('readings of one boot join although they differ by a second; another boot is another run', () => {
    const runs = [
      { bootedAt: 1_000, seenAt: 10_000 },
      { bootedAt: 1_900, seenAt: 20_000 },
      { bootedAt: 500_000, seenAt: 510_000 },
      { bootedAt: 200, seenAt: 15_000 },
    ].reduce<BootRun[]>(withBoot, [])
    expect(runs).toEqual([boot(1_000, 10_000, 20_000), boot(500_000, 510_000, 510_000)])
  })

  it('a counter of hundredths that ran over after 497 days is no boot', () => {
    expect(isSameBoot(0, 2 ** 32 * 10 + 3_000)).toBe(true)
    expect(isSameBoot(0, 2 ** 32 * 10 + 60_000)).toBe(false)
  })
})

describe('of a silence, what the parents explain', () => {
  it('a child found silent some seconds before its parent, and back some seconds after, was unreachable all the time', () => {
    const split = splitByParents([{ from: 0, to: 100_000 }], [[{ from: 4_000, to: 93_000 }]])
    expect(split).toEqual({ down: [], unreachable: [{ from: 0, to: 100_000 }] })
  })

  it('one that failed long before its parent, and stayed away after it, was down itself', () => {
    const split = splitByParents([{ from: 0, to: 300_000 }], [[{ from: 100_000, to: 200_000 }]])
    expect(split.unreachable).toEqual([{ from: 100_000, to: 200_000 }])
    expect(split.down).toEqual([
      { from: 0, to: 100_000 },
      { from: 200_000, to: 300_000 },
    ])
  })

  it('with two ways both must be cut', () => {
    const down = [{ from: 0, to: 300_000 }]
    expect(splitByParents(down, [[{ from: 0, to: 300_000 }], []]).unreachable).toEqual([])
    expect(splitByParents(down, []).down).toEqual(down)
  })
})
