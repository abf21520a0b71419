// What the rooms below tell of services, devices and disruptions, as the duties ask for it: told in real batches.
import { expect, it } from 'vitest'
import type { Discovery } from '../../../protocol/snmp.ts'
import { taskRequest } from '../../../protocol/tasks.ts'
import { acknowledgeIncident } from '../../../server/incidents/acknowledge.ts'
import { addDevices } from '../../../server/inventory/add-devices.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createCredential } from '../../../server/inventory/create-credential.ts'
import { createProbe } from '../../../server/inventory/create-probe.ts'
import { DEFAULT_TIMING } from '../../../server/inventory/ping-probe.ts'
import { placeDevice } from '../../../server/inventory/place-device.ts'
import { createRegisterRecord } from '../../../server/registers/create-record.ts'
import { readVersions } from '../../../server/rules/duties/read-rows.ts'
import { readSnapshot } from '../../../server/rules/duties/read-snapshot.ts'
import { loadRegulations } from '../../../server/rules/load-regulations.ts'
import { judgedMonth } from '../../../server/rules/measures/observed.ts'
import { createMemorySeriesStore } from '../../../server/stores/series/memory.ts'
import { openNetwork, vote } from './network.ts'
import { ADMIN, HOUR_MS, MINUTE_MS, openWatch, type Watch } from './watch.ts'

const { rules } = loadRegulations('config/regulations')
const DAY_MS = 24 * HOUR_MS

async function look(watch: Watch) {
  const { records, current, clock } = watch
  const series = createMemorySeriesStore({ now: watch.now })
  const versions = await readVersions(records, 'standing')
  const house = { current, series, rules }
  return await readSnapshot({ records, at: clock.at, timeZone: 'Asia/Jakarta', versions, house, ports: {} })
}

const site = (watch: Watch, domain: string) =>
  createRegisterRecord.perform(watch.verbDeps, ADMIN, {
    ...{ kind: 'service', title: domain, fields: { role: 'website', domain } },
  })

/** A router of an agency, which this poller is to ask. */
async function placedRouter(watch: Watch, poller: { agentId: string }, agency: string) {
  const { id: agencyId } = await createAgency.perform(watch.verbDeps, ADMIN, { name: agency, shortName: agency })
  const { id: credentialId } = await createCredential.perform(watch.verbDeps, ADMIN, {
    ...{ name: 'OPD', credential: { version: 'v2c', community: 'a-secret-word' } },
  })
  const { added } = await addDevices.perform(watch.verbDeps, ADMIN, {
    ...{ devices: [{ address: '10.0.0.1' }], credentialId, agentId: poller.agentId },
  })
  const router = added[0]?.id ?? ''
  await watch.roster.refresh(router)
  await placeDevice.perform(watch.verbDeps, ADMIN, { id: router, agencyId, siteId: null })
  return { router, agencyId, credentialId }
}

const identityOf = (own: { serial: string; osVersion: string; sysName: string }): Discovery['identity'] => ({
  ...{ kind: 'router', profile: 'mikrotik', vendor: 'MikroTik', model: 'RB750Gr3', ...own },
  ...{ engineId: null, baseMac: null, sysObjectId: null, sysDescr: null },
  ...{ sysLocation: null, sysContact: null, simulated: false },
})

it('a service is as available as its probes say, and its name is known while an answer comes', async () => {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const { recordId: well } = await site(watch, 'dinkes.example.id')
  const { recordId: gone } = await site(watch, 'lama.example.id')
  const { recordId: unseen } = await site(watch, 'baru.example.id')
  for (const [subjectId, name] of [
    [well, 'dinkes.example.id'],
    [gone, 'lama.example.id'],
  ] as const) {
    await createProbe.perform(watch.verbDeps, ADMIN, {
      ...{ subjectId, name: 'icmp', ...DEFAULT_TIMING, check: { kind: 'http', url: `https://${name}/` } },
    })
  }
  await watch.board.refresh()
  network.answers.set(well, true)
  network.answers.set(gone, false)
  await network.pass(6 * MINUTE_MS)
  await network.change(well, false)
  await network.pass(2 * MINUTE_MS)
  await network.change(well, true)
  await network.tell()
  const fact = { at: watch.clock.at, subject: gone, name: 'probe.icmp.failure', value: 'name-unknown' }
  await watch.speak(network.poller, { facts: [fact], more: [vote(gone, watch.clock.at + 1, false)] })

  const { ports, today, at, timeZone } = await look(watch)
  const month = judgedMonth(at, today, timeZone)
  expect(ports.service(well, month)?.ratio).toBeGreaterThan(0.7)
  expect(ports.service(well, month)?.ratio).toBeLessThan(0.8)
  expect(ports.service(gone, month)?.ratio).toBe(0)
  expect(ports.service(unseen, month)).toBeNull()
  expect([well, gone, unseen].map(id => ports.domainResolves(id))).toEqual([true, false, null])
  expect(ports.certificate(well)).toBeNull()
})

it('a router tells of changes on it and of what stands beside it; what the inventory knows is no stranger', async () => {
  const watch = await openWatch()
  const poller = await watch.enrol('noc')
  await watch.enrol('core-1')
  const { router, agencyId } = await placedRouter(watch, poller, 'Dinsos')
  expect((await look(watch)).ports.unknownDevices(agencyId)).toBeNull()

  const beside = (name: string) => ({
    protocol: 'lldp' as const,
    device: 'ether2',
    name,
    port: null,
    address: null,
    platform: null,
  })
  const shown = (osVersion: string, neighbours: string[]): Discovery => ({
    ...{ at: watch.clock.at, subject: router, interfaces: [], sensors: [], notOffered: [] },
    neighbours: neighbours.map(beside),
    identity: identityOf({ serial: 'AAA111', osVersion, sysName: 'opd-dinsos' }),
  })
  await watch.speak(poller, { discoveries: [shown('7.1', ['core-1.example.go.id'])] })
  const first = await look(watch)
  expect(first.ports.configurationChanges(router)).toEqual([])
  expect(first.ports.unknownDevices(agencyId)).toEqual([])

  watch.clock.at += 6 * HOUR_MS
  const changedAt = watch.clock.at
  await watch.speak(poller, { discoveries: [shown('7.2', ['core-1.example.go.id', 'switch-asing'])] })
  const then = await look(watch)
  expect(then.ports.configurationChanges(router)).toEqual([{ at: changedAt, what: 'identity.osVersion' }])
  expect(then.ports.unknownDevices(agencyId)).toEqual([{ at: changedAt, what: 'switch-asing' }])

  // Nobody looked for four days: then nobody knows.
  watch.clock.at += 4 * DAY_MS
  const late = await look(watch)
  expect([late.ports.configurationChanges(router), late.ports.unknownDevices(agencyId)]).toEqual([null, null])
})

it('a disruption is an incident of its agency: on record when it opened, reported when somebody took it', async () => {
  const watch = await openWatch()
  const server = await watch.enrol('srv-dinsos')
  const { id: agencyId } = await createAgency.perform(watch.verbDeps, ADMIN, { name: 'Dinsos', shortName: 'Dinsos' })
  await placeDevice.perform(watch.verbDeps, ADMIN, { id: server.deviceId, agencyId, siteId: null })
  await watch.speak(server)
  await watch.pass(10 * MINUTE_MS)
  const [incident] = await watch.incidents('active')
  const window = { from: 0, to: watch.clock.at + 1 }
  const open = (await look(watch)).ports.incidents(agencyId, window)
  expect(open).toEqual([
    {
      ...{ number: incident?.number, openedAt: incident?.openedAt, ticketAt: incident?.openedAt },
      ...{ severity: incident?.severity, reportedAt: null },
    },
  ])
  watch.clock.at += MINUTE_MS
  await acknowledgeIncident.perform(watch.verbDeps, ADMIN, { id: incident?.id ?? '' })
  expect((await look(watch)).ports.incidents(agencyId, window)?.[0]?.reportedAt).toBe(watch.clock.at)
})

it('what answers a sweep in a subnet of an agency and stands in no inventory is a stranger of it, until it is gone', async () => {
  const watch = await openWatch()
  const poller = await watch.enrol('noc')
  const { router, agencyId, credentialId } = await placedRouter(watch, poller, 'Dinkes')
  const identity = identityOf({ serial: 'AAA222', osVersion: '7.1', sysName: 'opd-dinkes' })
  const port = { device: 'ether2', index: 2, alias: '', type: 6, speedBps: null, mac: null, counters: 'none' as const }
  const shown = { at: watch.clock.at, subject: router, identity, neighbours: [], sensors: [], notOffered: [] }
  await watch.speak(poller, { discoveries: [{ ...shown, interfaces: [{ ...port, addresses: ['10.0.0.1/24'] }] }] })

  const swept = async (taskId: string, names: Record<string, string>) => {
    const found = Object.entries(names).map(([address, sysName]) => ({
      ...{ address, credentialId, identity: { ...identity, sysName } },
    }))
    const order = { kind: 'discover', ranges: ['10.0.0.0/24', '10.9.0.5'], credentialIds: [credentialId] }
    const request = JSON.stringify(taskRequest.parse(order))
    const at = watch.clock.at
    const row = { id: taskId, task_id: taskId, agent_id: poller.agentId, request, found: JSON.stringify(found) }
    const times = { asked_at: at, heard_at: at, ended_at: at, asked_before: 0, asked: 255, total: 255 }
    await watch.records
      .insertInto('sweep')
      .values({ ...row, ...times })
      .execute()
  }
  // The router itself, one that nobody knows, and one in a subnet that belongs to nobody.
  const firstAt = watch.clock.at
  await swept('one', { '10.0.0.1': 'opd-dinkes', '10.0.0.77': 'ap-asing', '10.9.0.5': 'jauh' })
  const stranger = { at: firstAt, what: 'ap-asing, 10.0.0.77' }
  expect((await look(watch)).ports.unknownDevices(agencyId)).toEqual([stranger])
  watch.clock.at += HOUR_MS
  await swept('two', { '10.0.0.1': 'opd-dinkes', '10.0.0.77': 'ap-asing' })
  expect((await look(watch)).ports.unknownDevices(agencyId)).toEqual([stranger])
  watch.clock.at += HOUR_MS
  await swept('three', { '10.0.0.1': 'opd-dinkes' })
  expect((await look(watch)).ports.unknownDevices(agencyId)).toEqual([])
})
