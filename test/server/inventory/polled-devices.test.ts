import { describe, expect, it } from 'vitest'
import type { Discovery, FoundInterface } from '../../../protocol/snmp.ts'
import { historyOf, readIntervals } from '../../../server/availability/history.ts'
import { addDevices } from '../../../server/inventory/add-devices.ts'
import { createAgency } from '../../../server/inventory/create-agency.ts'
import { createCredential } from '../../../server/inventory/create-credential.ts'
import { listCredentials } from '../../../server/inventory/credential-queries.ts'
import { readFindings, readPolled } from '../../../server/inventory/device-queries.ts'
import { createPollScope } from '../../../server/inventory/poll-scope.ts'
import { removeCredential } from '../../../server/inventory/remove-credential.ts'
import { removeServer } from '../../../server/inventory/remove-server.ts'
import { settleIdentity } from '../../../server/inventory/settle-identity.ts'
import { updateCredential } from '../../../server/inventory/update-credential.ts'
import { updateDevice } from '../../../server/inventory/update-device.ts'
import { readInterfaceHistory } from '../../../server/views/device-view.ts'
import { ADMIN, HOUR_MS, type Machine, openWatch, person, type Watch } from '../rules/watch.ts'

const POLL_MS = 30_000
const COMMUNITY = { version: 'v2c', community: 'a-secret-word' } as const

async function withRouter(names: { address?: string; poller?: string } = {}) {
  const watch = await openWatch()
  const poller = await watch.enrol(names.poller ?? 'noc')
  const { id: credentialId } = await createCredential.perform(watch.verbDeps, ADMIN, {
    name: 'OPD',
    credential: COMMUNITY,
  })
  const add = async (address: string): Promise<string> => {
    const asked = { devices: [{ address }], credentialId, agentId: poller.agentId }
    const { added } = await addDevices.perform(watch.verbDeps, person('operator'), asked)
    const id = added[0]?.id ?? ''
    await watch.roster.refresh(id)
    return id
  }
  const router = await add(names.address ?? '10.0.0.1')
  return { watch, poller, credentialId, router, add }
}

const port = (device: string, changes: Partial<FoundInterface> = {}): FoundInterface => ({
  ...{ device, index: 1, alias: '', type: 6, speedBps: 1e9, mac: null, addresses: [], counters: '64-bit' },
  ...changes,
})
const look = (subject: string, at: number, changes: Partial<Discovery> = {}): Discovery => ({
  ...{ at, subject, interfaces: [], neighbours: [], sensors: [], notOffered: [] },
  ...changes,
  identity: {
    ...{
      kind: 'router',
      profile: 'mikrotik',
      vendor: 'MikroTik',
      model: 'RB750Gr3',
      serial: 'AAA111',
      osVersion: '7.1',
    },
    ...{ engineId: null, baseMac: null, sysObjectId: null, sysName: 'opd-kesehatan', sysDescr: null },
    ...{ sysLocation: null, sysContact: null, simulated: false },
    ...changes.identity,
  },
})

/** One round of the poller, in which the router answered or did not; with the oper status of its interfaces. */
async function round(watch: Watch, poller: Machine, router: string, up: 0 | 1, oper: Record<string, number> = {}) {
  watch.clock.at += 1
  const at = watch.clock.at
  const gauge = (metric: string, value: number, labels?: Record<string, string>) => ({
    ...({ kind: 'gauge', subject: router, metric, points: [[at, value]] } as const),
    points: [[at, value]] as [number, number][],
    ...(labels === undefined ? {} : { labels }),
  })
  const ports = Object.entries(oper).flatMap(([device, status]) => [
    gauge('interface_oper_status', status, { device }),
    gauge('interface_admin_status', 1, { device }),
  ])
  await watch.speak(poller, { at, more: [gauge('snmp_up', up), ...ports] })
}
const rounds = (watch: Watch, poller: Machine, router: string, up: 0 | 1, count: number) => {
  const until = watch.clock.at + count * POLL_MS
  return watch.pass(until - watch.clock.at, () => round(watch, poller, router, up))
}

describe('a credential', () => {
  it('is kept sealed, never told again, and put into nobody’s hands but those of the agent that polls with it', async () => {
    const { watch, poller, credentialId, router } = await withRouter()
    const [row] = await watch.records.selectFrom('credential').selectAll().execute()
    expect(JSON.stringify(row)).not.toContain(COMMUNITY.community)
    expect(JSON.stringify(await listCredentials(watch.records))).not.toContain(COMMUNITY.community)
    expect(JSON.stringify(await watch.audit())).not.toContain(COMMUNITY.community)
    expect((await listCredentials(watch.records))[0]?.usedBy.map(({ id }) => id)).toEqual([router])

    const book = watch.verbDeps.assignments
    const given = await book.of(poller.agentId, ['snmp'])
    expect(given.assignments.snmp).toMatchObject([{ deviceId: router, address: '10.0.0.1', credential: COMMUNITY }])
    expect((await book.of(router, ['snmp'])).assignments.snmp).toEqual([])
    expect(await book.of(poller.agentId, [])).toEqual({ revision: 0, assignments: {} })

    const other = { ...COMMUNITY, community: 'another' }
    await updateCredential.perform(watch.verbDeps, ADMIN, { id: credentialId, credential: other })
    const renewed = await book.of(poller.agentId, ['snmp'])
    expect(renewed.assignments.snmp?.[0]?.credential).toEqual(other)
    expect(renewed.revision).not.toBe(given.revision)
    await updateCredential.perform(watch.verbDeps, ADMIN, { id: credentialId, credential: COMMUNITY })
    expect((await book.of(poller.agentId, ['snmp'])).revision).toBe(given.revision)

    await expect(removeCredential.perform(watch.verbDeps, ADMIN, { id: credentialId })).rejects.toThrow('10.0.0.1')
    await expect(
      createCredential.perform(watch.verbDeps, person('operator'), { name: 'x', credential: COMMUNITY }),
    ).rejects.toMatchObject({ code: 'forbidden' })
    await removeServer.perform(watch.verbDeps, ADMIN, { id: router })
    await removeCredential.perform(watch.verbDeps, ADMIN, { id: credentialId })
    expect(await listCredentials(watch.records)).toEqual([])
  })
})

describe('devices that are added together', () => {
  it('belong to the agency and the site that were chosen for them; one that does not exist adds nothing', async () => {
    const { watch, poller, credentialId } = await withRouter()
    const verb = (agencyId: string) =>
      addDevices.perform(watch.verbDeps, person('operator'), {
        ...{ devices: [{ address: '10.9.0.1' }, { address: '10.9.0.2' }], credentialId },
        ...{ agentId: poller.agentId, agencyId },
      })
    await expect(verb('0190a7f0-0000-7000-8000-00000000dead')).rejects.toMatchObject({ code: 'not-found' })
    const { id: agencyId } = await createAgency.perform(watch.verbDeps, ADMIN, {
      name: 'Dinas Kesehatan',
      shortName: 'Dinkes',
    })
    const { added } = await verb(agencyId)
    const rows = await watch.records
      .selectFrom('device')
      .select('agency_id')
      .where(
        'id',
        'in',
        added.map(({ id }) => id),
      )
    expect(await rows.execute()).toEqual([{ agency_id: agencyId }, { agency_id: agencyId }])
  })
})

describe('a polled device', () => {
  it('is heard when it answered, down when it was asked in vain, unknown when nobody asked', async () => {
    const { watch, poller, router } = await withRouter()
    const asRouter = { ...poller, deviceId: router }
    const began = watch.clock.at
    await rounds(watch, poller, router, 1, 4)
    expect(watch.verdict(asRouter, 'router-heartbeat')).toBe('met')
    const diedAt = watch.clock.at
    await rounds(watch, poller, router, 0, 6)
    expect(watch.verdict(asRouter, 'router-heartbeat')).toBe('unmet')
    expect((await watch.incidents('active')).map(({ subject }) => subject.id)).toEqual([router])
    await rounds(watch, poller, router, 1, 3)
    expect(await watch.incidents('active')).toEqual([])

    const until = watch.clock.at
    const known = await readIntervals(watch.records, router, { from: began, to: until }, poller.deviceId)
    const history = historyOf(known, { from: began, to: until })
    const down = history.filter(({ state }) => state === 'down')
    expect(down).toHaveLength(1)
    expect(Math.abs((down[0]?.from ?? 0) - diedAt)).toBeLessThan(POLL_MS)
  })

  it('is not blamed while its poller is silent', async () => {
    const { watch, poller, router } = await withRouter()
    await rounds(watch, poller, router, 1, 3)
    expect(watch.verdict({ ...poller, deviceId: router }, 'router-heartbeat')).toBe('met')
    await watch.pass(6 * POLL_MS)
    expect(watch.verdict({ ...poller, deviceId: router }, 'router-heartbeat')).toBe('unmeasured')
    expect((await watch.incidents('active')).map(({ ruleId }) => ruleId)).toEqual(['server-heartbeat'])
    const window = { from: watch.clock.at - 3 * POLL_MS, to: watch.clock.at }
    const known = await readIntervals(watch.records, router, window, poller.deviceId)
    expect(historyOf(known, window).map(({ state }) => state)).toEqual(['unknown'])
  })

  it('that turns out to be of another kind is judged by the rules for that kind, and what others raised is over', async () => {
    const { watch, poller, router } = await withRouter()
    const asRouter = { ...poller, deviceId: router }
    await rounds(watch, poller, router, 1, 1)
    await rounds(watch, poller, router, 0, 6)
    expect((await watch.incidents('active')).map(({ ruleId }) => ruleId)).toEqual(['router-heartbeat'])
    await updateDevice.perform(watch.verbDeps, ADMIN, { id: router, kind: 'switch' })
    await watch.roster.refresh(router)
    await rounds(watch, poller, router, 0, 3)
    expect((await watch.incidents('active')).map(({ ruleId }) => ruleId)).toEqual(['switch-heartbeat'])
    expect(watch.verdict(asRouter, 'router-heartbeat')).toBe('not-applicable')
    expect(await watch.evidenceHolds()).toBe(true)
  })

  it('may be spoken for by its own poller only, and for a month by the one before', async () => {
    const { watch, poller, router } = await withRouter()
    const other = await watch.enrol('far-poller')
    let at = watch.clock.at
    const scope = createPollScope({ records: watch.records, now: () => at })
    const refused = async (agentId: string) => [...(await scope.foreign(agentId, [router]))]
    expect(await refused(poller.agentId)).toEqual([])
    expect(await refused(other.agentId)).toEqual([router])
    watch.clock.at += 1
    await updateDevice.perform(watch.verbDeps, ADMIN, { id: router, agentId: other.agentId })
    scope.forget()
    expect([await refused(poller.agentId), await refused(other.agentId)]).toEqual([[], []])
    at += 32 * 24 * HOUR_MS
    expect([await refused(poller.agentId), await refused(other.agentId)]).toEqual([[router], []])
  })

  it('gets its name and kind at first sight, and tells later what is different', async () => {
    const { watch, poller, router } = await withRouter()
    const tell = async (changes: Partial<Discovery>) => {
      watch.clock.at += HOUR_MS
      await watch.speak(poller, { discoveries: [look(router, watch.clock.at, changes)] })
    }
    await tell({
      interfaces: [port('ether1', { alias: 'Telkom' }), port('ether2', { alias: 'LAN', index: 2 })],
      sensors: [{ sensor: 'cpu', kind: 'temperature' }],
    })
    expect(watch.roster.get(router)).toMatchObject({ name: 'opd-kesehatan', kind: 'router' })
    expect((await readFindings(watch.records, router)).changes).toEqual([])
    const before = (await readFindings(watch.records, router)).interfaces

    // It was booted: indexes moved, a port was renamed, another one came, a sensor went.
    await tell({
      interfaces: [
        port('ether2', { alias: 'LAN', index: 7 }),
        port('wan', { alias: 'Telkom', index: 8 }),
        port('ether3', { index: 9 }),
      ],
      identity: { ...look(router, 0).identity, osVersion: '7.2' },
    })
    const after = await readFindings(watch.records, router)
    const idOf = (rows: typeof before, name: string) => rows.find(row => row.name === name)?.id
    expect(idOf(after.interfaces, 'ether2')).toBe(idOf(before, 'ether2'))
    expect(idOf(after.interfaces, 'wan')).toBe(idOf(before, 'ether1'))
    expect(after.names.map(({ name, alias }) => [name, alias])).toEqual([['ether1', 'Telkom']])
    expect(after.changes.map(({ what, part, before: was, after: is }) => [what, part, was, is]).sort()).toEqual([
      ['identity.osVersion', '', '7.1', '7.2'],
      ['interface.appeared', 'ether3', null, ''],
      ['interface.name', 'wan', 'ether1', 'wan'],
      ['sensor.gone', 'cpu', 'cpu', null],
    ])
  })

  it('is not taken for another one that answers at its address, until a person says so', async () => {
    const { watch, poller, router, add } = await withRouter()
    const tell = async (device: string, serial: string) => {
      watch.clock.at += HOUR_MS
      const identity = { ...look(device, 0).identity, serial }
      const interfaces = [port(`of-${serial}`)]
      await watch.speak(poller, { discoveries: [look(device, watch.clock.at, { identity, interfaces })] })
    }
    const conflictOf = async (device: string) => (await readPolled(watch.records, device))[0]?.conflict
    const names = async () => (await readFindings(watch.records, router)).interfaces.map(({ name }) => name)
    await tell(router, 'AAA111')
    await tell(router, 'BBB222')
    expect(await conflictOf(router)).toMatchObject({ recorded: 'serial:AAA111', found: 'serial:BBB222' })
    expect(await names()).toEqual(['of-AAA111'])
    // The right one is back: there is nothing to decide any more.
    await tell(router, 'AAA111')
    expect(await conflictOf(router)).toBeNull()

    await tell(router, 'BBB222')
    await settleIdentity.perform(watch.verbDeps, person('operator'), { id: router })
    await tell(router, 'BBB222')
    expect(await conflictOf(router)).toBeNull()
    expect(await names()).toContain('of-BBB222')

    const second = await add('10.0.0.2')
    await tell(second, 'BBB222')
    expect(await conflictOf(second)).toMatchObject({ otherId: router })
    await settleIdentity.perform(watch.verbDeps, ADMIN, { id: second })
    await tell(second, 'BBB222')
    expect(await conflictOf(second)).toBeNull()
  })

  it('has interfaces whose states are known for the time in which it answered', async () => {
    const { watch, poller, router } = await withRouter()
    await watch.speak(poller, { discoveries: [look(router, watch.clock.at, { interfaces: [port('ether1')] })] })
    const began = watch.clock.at
    const poll = async (status: number, count: number) => {
      for (let index = 0; index < count; index += 1) {
        watch.clock.at += POLL_MS
        await round(watch, poller, router, 1, { ether1: status, unknown0: 1 })
      }
    }
    await poll(1, 3)
    await poll(2, 3)
    watch.clock.at += HOUR_MS
    await poll(1, 2)
    const id = (await readFindings(watch.records, router)).interfaces[0]?.id ?? ''
    const window = { from: began, to: watch.clock.at }
    const history = await readInterfaceHistory(watch, id, window, watch.clock.at)
    expect(history.map(({ state }) => state)).toEqual(['unknown', 'up', 'down', 'unknown', 'up'])
    expect(history.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(window.to - window.from)
  })
})
