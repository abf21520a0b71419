import { totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createProbeSource } from '../../../agent/sources/probes/probe-source.ts'
import { createSources } from '../../../agent/sources/registry.ts'
import { createRunner } from '../../../agent/sources/runner.ts'
import { createSnmpSource } from '../../../agent/sources/snmp/snmp-source.ts'
import { encodeBatches } from '../../../agent/spool/batch-body.ts'
import { batch } from '../../../protocol/batch.ts'
import { serverView } from '../../../protocol/server-views.ts'
import { wallView } from '../../../protocol/wall-views.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { readServerView } from '../../../server/views/server-view.ts'
import { createWall } from '../../../server/views/wall.ts'
import { HOUR_MS, INTERVAL_MS, type Machine, MINUTE_MS, openWatch, SECOND_MS, type Watch } from '../rules/watch.ts'

const BYTES = 1_000_000

async function looking() {
  const watch = await openWatch()
  const machine = await watch.enrol()
  const wall = async () =>
    createWall({
      records: watch.records,
      roster: watch.roster,
      current: watch.current,
      board: watch.board,
      now: watch.now,
    })
  const view = async (id = machine.deviceId) => {
    const { records, roster, current, standings, rules } = watch
    const read = await readServerView(
      { records, roster, current, standings, rules, wall: await wall() },
      id,
      watch.clock.at,
    )
    // What is shown keeps to the contract.
    return serverView.parse(read)
  }
  return { watch, machine, wall, view }
}

/** What the agent's own sources read on this machine, twice, so that there is growth too. */
async function measureThisMachine(watch: Watch, machine: Machine) {
  const clock = { nowMs: () => watch.clock.at, monotonicMs: () => performance.now() }
  const sources = createSources({
    ...{ procRoot: '/proc', sysRoot: '/sys', runRoot: '/run', clock, mountDeadlineMs: 2_000 },
    ...{ skewMs: () => undefined, processes: [], certificates: [] },
    snmp: createSnmpSource({ log: watch.log }),
    probes: createProbeSource({ clock, log: watch.log }),
    backups: { name: 'backups', isIdle: () => true, read: async () => ({ gauges: [] }) },
    askRemoteFilesystem: () => Promise.reject(new Error('no remote filesystem is asked here')),
    spoolStats: () => ({
      bytes: 4_096,
      batches: 1,
      dropped: 0,
      rejected: 0,
      recentlyDropped: 0,
      disk: 'ok',
      secondsLeft: undefined,
    }),
  })
  const log = watch.log
  const runner = createRunner({ sources, clock, log, deadlineMs: 5_000 })
  for (let tick = 0; tick < 2; tick += 1) {
    await sleep(60)
    watch.clock.at += INTERVAL_MS
    const reading = await runner.tick()
    const origin = { agentVersion: '0.1.0', intervalMs: INTERVAL_MS }
    for (const encode of encodeBatches(origin, reading, [])) {
      const { series } = batch.parse(JSON.parse(encode(tick + 1, '01938f6e-0000-4000-8000-0000000000aa').toString()))
      await watch.speak(machine, {
        disks: {},
        more: series.filter(({ metric }) => metric !== 'node_boot_time_seconds'),
      })
    }
  }
}

describe('this machine, as its agent measures it', () => {
  it('shows its own figures on the wall and on its page', async () => {
    const { watch, machine, wall, view } = await looking()
    await measureThisMachine(watch, machine)
    const [tile] = (await wall()).tiles(watch.clock.at)
    expect(tile).toMatchObject({ state: 'up', lastSampleAt: watch.clock.at })
    expect(tile?.cpuRatio).toBeGreaterThanOrEqual(0)
    expect(tile?.cpuRatio).toBeLessThanOrEqual(1)
    expect(tile?.memoryRatio).toBeGreaterThan(0)
    expect(tile?.memoryRatio).toBeLessThan(1)
    const page = await view()
    expect(page.filesystems.length).toBeGreaterThan(0)
    expect(page.filesystems[0]?.mountpoint).toBe(tile?.fullestFilesystem?.mountpoint)
    expect(page.interfaces.length).toBeGreaterThan(0)
    for (const { receiveBps, transmitBps } of page.interfaces) {
      expect(Math.min(receiveBps ?? 0, transmitBps ?? 0)).toBeGreaterThanOrEqual(0)
    }
    expect(page.agent?.sources.map(source => source.name)).toEqual(
      expect.arrayContaining(['cpu', 'memory', 'filesystem', 'network', 'load']),
    )
    for (const source of page.agent?.sources ?? []) expect(source, source.name).toMatchObject({ state: 'ok' })
    expect(page.agent?.spool).toEqual({ bytes: 4_096, secondsLeft: null, droppedBatches: 0 })
    const [total] = watch.current.of(machine.deviceId, 'node_memory_MemTotal_bytes')
    expect(total?.value).toBe(totalmem())
  })
})

describe('the page of a server', () => {
  it('tells what is known of it', async () => {
    const { watch, machine, view } = await looking()
    watch.clock.at += 2 * HOUR_MS
    await watch.speak(machine, {
      disks: { '/': 0.4, '/srv': 0.97 },
      facts: [{ at: watch.clock.at, name: 'os.distro', value: 'Debian 12' }],
      more: [
        {
          ...{ kind: 'delta', metric: 'node_network_receive_bytes_total', labels: { device: 'eth0' } },
          points: [[watch.clock.at, 125_000, 1_000]],
        },
      ],
    })
    await watch.pass(MINUTE_MS, () => watch.speak(machine, { disks: { '/': 0.4, '/srv': 0.97 } }))
    const page = await view()
    expect(page).toMatchObject({
      tile: { name: 'web-1', state: 'degraded', openIncidents: 1, worstSeverity: 'high' },
      agent: { id: machine.agentId, version: '0.1.0', revoked: false, lastContactAt: watch.clock.at, skewMs: 0 },
      bootedAt: machine.bootedAt,
      facts: [{ name: 'os.distro', value: 'Debian 12' }],
      filesystems: [
        { mountpoint: '/srv', fstype: 'ext4', sizeBytes: BYTES, availBytes: 30_000, usedRatio: 0.97 },
        { mountpoint: '/', usedRatio: 0.4 },
      ],
      interfaces: [{ device: 'eth0', receiveBps: 1_000_000, transmitBps: null }],
      incidents: [{ ruleId: 'filesystem-fill', part: 'mountpoint=/srv', state: 'open' }],
    })
    // Worst first, each with the number it is held against and who set that number.
    expect(page.verdicts.map(({ ruleId, part, verdict }) => [ruleId, part, verdict])).toEqual([
      ['filesystem-fill', 'mountpoint=/srv', 'unmet'],
      ['server-uptime', '', 'unmeasured'],
      ['server-heartbeat', '', 'met'],
      ['filesystem-fill', 'mountpoint=/', 'met'],
    ])
    expect(page.verdicts[0]).toMatchObject({
      ...{ threshold: 0.95, unit: 'ratio', value: 0.97, parameterSource: 'diskominfo' },
      evidenceId: expect.any(String),
    })
  })

  it('has a history of a day without holes, which says up for a healthy server until now', async () => {
    const { watch, machine, view } = await looking()
    await watch.speak(machine)
    const from = watch.clock.at
    await watch.pass(2 * MINUTE_MS, () => watch.speak(machine))
    await watch.pass(5 * SECOND_MS)
    const { history, availability } = await view()
    expect(history).toEqual([
      { state: 'unknown', from: watch.clock.at - 24 * HOUR_MS, to: from, cause: null },
      { state: 'up', from, to: watch.clock.at, cause: null },
    ])
    expect(availability).toMatchObject({ to: watch.clock.at, outageMs: 0, uptimeRatio: 1 })
  })

  it('counts silence as an outage once the evidence has run out, as its tile says unknown', async () => {
    const { watch, machine, view } = await looking()
    await watch.speak(machine)
    await watch.pass(MINUTE_MS, () => watch.speak(machine))
    const lastWordAt = watch.clock.at
    await watch.pass(2 * MINUTE_MS)
    const { history, availability, tile } = await view()
    expect(tile).toMatchObject({ state: 'unknown', lastSampleAt: lastWordAt })
    expect(history.at(-1)).toEqual({ state: 'unknown', from: lastWordAt, to: watch.clock.at, cause: null })
    expect(availability.upMs).toBe(MINUTE_MS)
    // The collector notes every five seconds that it is awake.
    expect(availability.outageMs).toBeGreaterThan(2 * MINUTE_MS - 6 * SECOND_MS)
    expect(availability.upMs + availability.outageMs + availability.unobservedMs).toBe(
      watch.clock.at - availability.from,
    )
  })

  it('of one that never spoke has no figure, and of one that is not there is no page', async () => {
    const { view } = await looking()
    expect(await view()).toMatchObject({
      ...{ tile: { state: 'unknown', cpuRatio: null }, bootedAt: null, facts: [], filesystems: [], interfaces: [] },
      availability: { uptimeRatio: null },
    })
    const refused = await view('01938f6e-0000-7000-8000-00000000ffff').catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ProblemError)
    expect(refused).toMatchObject({ code: 'not-found' })
  })
})

describe('the wall', () => {
  it('has a tile for each server in the order of their names, and the incidents worst first', async () => {
    const { watch, wall } = await looking()
    const [zulu, alfa] = [await watch.enrol('zulu'), await watch.enrol('alfa')]
    await watch.speak(zulu, { disks: { '/': 0.97 } })
    await watch.speak(alfa)
    await watch.pass(20 * SECOND_MS, async () => {
      await watch.speak(zulu, { disks: { '/': 0.97 } })
      await watch.speak(alfa)
    })
    await watch.pass(20 * SECOND_MS)
    const made = await wall()
    const seen = wallView.parse({
      ...{ epoch: 'e', seq: 0, at: watch.clock.at },
      servers: made.tiles(watch.clock.at),
      incidents: made.incidents(),
    })
    expect(seen.servers.map(({ name, state }) => [name, state])).toEqual([
      ['alfa', 'up'],
      ['web-1', 'unknown'],
      ['zulu', 'degraded'],
    ])
    expect(seen.incidents.map(({ severity, subject }) => [severity, subject.name])).toEqual([
      ['critical', 'web-1'],
      ['high', 'zulu'],
    ])
  })
})
