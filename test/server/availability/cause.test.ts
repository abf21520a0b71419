import { describe, expect, it } from 'vitest'
import { type BootRun, causeOf, isSameBoot, withBoot } from '../../../server/availability/cause.ts'
import { splitByParents } from '../../../server/availability/unreachable.ts'

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

  it('its line was up and it did not answer: the device', () => {
    expect(causeOf({ ...nothing, lineUp: [{ from: 110 * MINUTE, to: 111 * MINUTE }] }).cause).toBe('device')
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
