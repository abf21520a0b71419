import { describe, expect, it } from 'vitest'
import type { InterfaceState } from '../../../protocol/snmp-words.ts'
import { declareMaintenance } from '../../../server/availability/declare-maintenance.ts'
import { recordHeard } from '../../../server/availability/heard.ts'
import { recordInterfaceState } from '../../../server/availability/interface-states.ts'
import { readOutages } from '../../../server/availability/outages.ts'
import { remarkOutage } from '../../../server/availability/remark-outage.ts'
import { readSubjectHistory } from '../../../server/availability/subject-history.ts'
import { acceptNeighbours } from '../../../server/inventory/accept-neighbours.ts'
import { createSite } from '../../../server/inventory/create-site.ts'
import { readProposedParents } from '../../../server/inventory/neighbour-queries.ts'
import { readEdges } from '../../../server/inventory/parent-queries.ts'
import { setParents } from '../../../server/inventory/set-parents.ts'
import { newId } from '../../../server/platform/ids.ts'
import { openNetwork } from './network.ts'
import { ADMIN, HOUR_MS, MINUTE_MS, openWatch, SECOND_MS, type Watch } from './watch.ts'

async function outagesOf(watch: Awaited<ReturnType<typeof openWatch>>, id: string) {
  const deps = { records: watch.records, timeZone: 'Asia/Jakarta' }
  const window = { from: watch.clock.at - HOUR_MS, to: watch.clock.at }
  const history = await readSubjectHistory(deps, id, window, watch.clock.at)
  return history === undefined ? [] : await readOutages(watch.records, history, window, watch.clock.at)
}

describe('a cable is cut', () => {
  it('the link is down at once and an incident is open after the settling time; mended, it is resolved', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const link = await network.link('Dinkes – Moratel')
    await network.pass(MINUTE_MS)
    expect(network.state(link)).toBe('up')
    await network.change(link, false)
    expect(network.state(link)).toBe('down')
    expect(await watch.incidents('active')).toEqual([])
    await network.pass(3 * SECOND_MS)
    expect(await watch.incidents('active')).toMatchObject([
      { ruleId: 'link-reachable', subject: { id: link, name: 'Dinkes – Moratel', kind: 'link' }, cutOff: 0 },
    ])
    expect(await watch.outbox()).toEqual(['opened'])
    await network.pass(MINUTE_MS)
    await network.change(link, true)
    expect(await watch.incidents('active')).toEqual([])
    expect(await watch.outbox()).toEqual(['opened', 'resolved'])
  })

  it('the parent of 40 routers: one incident, one notice, 40 unreachable', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const core = await network.router('core')
    const routers: string[] = []
    for (let index = 0; index < 40; index += 1) routers.push(await network.router(`opd-${index}`, [core]))
    await network.pass(20 * SECOND_MS)
    // The children are found silent first, each at its own moment; then the parent.
    await network.change(routers.slice(0, 20), false)
    await network.change(core, false, SECOND_MS)
    await network.change(routers.slice(20), false, SECOND_MS)
    await network.pass(MINUTE_MS)
    expect(routers.map(network.state)).toEqual(routers.map(() => 'unreachable'))
    expect(network.state(core)).toBe('down')
    expect(await watch.incidents('active')).toMatchObject([{ subject: { id: core }, cutOff: 40 }])
    expect(await watch.outbox()).toEqual(['opened'])
    await network.change(core, true)
    // They are asked again each at its own moment: until then their parent is to blame.
    await network.pass(4 * SECOND_MS)
    expect(network.state(routers[0] ?? '')).toBe('unreachable')
    await network.change(routers, true, SECOND_MS)
    await network.pass(30 * SECOND_MS)
    expect(routers.map(network.state)).toEqual(routers.map(() => 'up'))
    expect(await watch.outbox()).toEqual(['opened', 'resolved'])
    const [outage] = await outagesOf(watch, routers[0] ?? '')
    expect(outage).toMatchObject({ state: 'unreachable', cause: 'upstream', evidence: { parentIds: [core] } })
  })

  it('a child that stays away when its parent is back has failed itself, and calls somebody', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const core = await network.router('core')
    const office = await network.router('office', [core])
    await network.pass(20 * SECOND_MS)
    await network.change([core, office], false)
    await network.pass(MINUTE_MS)
    await network.change(core, true)
    await network.pass(15 * SECOND_MS)
    expect(network.state(office)).toBe('down')
    expect(await watch.incidents('active')).toMatchObject([{ subject: { id: office } }])
  })
})

describe('whose fault it is', () => {
  it('rebooted is power, pulled is link', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const rebooted = await network.router('rebooted')
    const pulled = await network.router('pulled')
    for (const id of [rebooted, pulled]) network.boots.set(id, watch.clock.at - 10 * HOUR_MS)
    await network.pass(2 * MINUTE_MS)
    await network.change([rebooted, pulled], false)
    await network.pass(2 * MINUTE_MS)
    network.boots.set(rebooted, watch.clock.at - 30 * SECOND_MS)
    await network.change([rebooted, pulled], true)
    await network.pass(20 * SECOND_MS)
    expect(await outagesOf(watch, rebooted)).toMatchObject([{ cause: 'power', evidence: { kind: 'restarted' } }])
    expect(await outagesOf(watch, pulled)).toMatchObject([{ cause: 'link', evidence: { kind: 'ran-on' } }])
  })

  it('a person corrects a cause with a reason and notes the number of the provider; what was measured stays beside it', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const link = await network.link('Disdik')
    await network.pass(MINUTE_MS)
    await network.change(link, false)
    const at = watch.clock.at
    await network.pass(MINUTE_MS)
    await remarkOutage.perform(watch.verbDeps, ADMIN, {
      ...{ id: link, at, cause: 'link', reason: 'Serat optik putus di Jl. Margonda', ticket: 'TT-4711' },
    })
    expect(await outagesOf(watch, link)).toMatchObject([
      { to: null, cause: 'link', source: 'person', measuredCause: 'unknown', ticket: 'TT-4711' },
    ])
    expect(await watch.audit('outage.remark')).toHaveLength(1)
  })

  it("the poller's own cable pulled blames nobody", async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const router = await network.router('office')
    const link = await network.link('Dinkes')
    await network.pass(MINUTE_MS)
    network.pullPoller()
    await network.pass(5 * MINUTE_MS)
    expect([network.state(router), network.state(link)]).toEqual(['unknown', 'unknown'])
    expect(await watch.incidents()).toEqual([])
    network.plugPoller()
    await network.pass(MINUTE_MS)
    expect(await outagesOf(watch, router)).toEqual([])
  })
})

describe('planned work', () => {
  it('calls nobody, is measured all the same, and whoever is still down afterwards calls', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const link = await network.link('Dinkes')
    const from = watch.clock.at + MINUTE_MS
    await declareMaintenance.perform(watch.verbDeps, ADMIN, {
      title: 'Pindah rak',
      timing: { kind: 'once', from, to: from + 10 * MINUTE_MS },
      subjects: [{ kind: 'link', id: link }],
    })
    await watch.board.refresh()
    await network.pass(2 * MINUTE_MS)
    await network.change(link, false)
    await network.pass(5 * MINUTE_MS)
    expect(network.state(link)).toBe('down')
    expect(watch.standings.get('link-reachable', link, '')?.verdict).toBe('unmet')
    expect(await watch.incidents()).toEqual([])
    await network.pass(6 * MINUTE_MS)
    expect(await watch.incidents('active')).toMatchObject([{ subject: { id: link } }])
  })
})

it('a ring of parents is refused by the names of its members', async () => {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const core = await network.router('core')
  const office = await network.router('office', [core])
  const ring = setParents.perform(watch.verbDeps, ADMIN, { id: core, parentIds: [office] })
  await expect(ring).rejects.toMatchObject({
    code: 'wrong-state',
    message: expect.stringMatching(/core → office → core|office → core → office/),
  })
})

describe('what neighbours know', () => {
  it('is proposed as parents, holds once accepted, and never over what a person said', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const [core, office, annex] = [
      await network.router('core'),
      await network.router('office'),
      await network.router('annex'),
    ]
    await hear(watch, core, 'ether3', 'office')
    await hear(watch, core, 'ether4', 'annex')
    await setParents.perform(watch.verbDeps, ADMIN, { id: annex, parentIds: [] })
    const proposed = [{ childId: office, parentId: core }]
    expect(await readProposedParents(watch.records, watch.clock.at)).toEqual(proposed)
    const wrong = acceptNeighbours.perform(watch.verbDeps, ADMIN, { edges: [{ childId: annex, parentId: core }] })
    await expect(wrong).rejects.toMatchObject({ code: 'wrong-state' })
    await acceptNeighbours.perform(watch.verbDeps, ADMIN, { edges: proposed })
    expect(await readEdges(watch.records, watch.clock.at)).toEqual([{ ...proposed[0], source: 'neighbour' }])
    expect(await readProposedParents(watch.records, watch.clock.at)).toEqual([])
  })

  it('their port was up and the router silent: the device; the port went down too: nobody knows', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const [core, hung, cut] = [await network.router('core'), await network.router('hung'), await network.router('cut')]
    await watch.records.insertInto('credential').values(CREDENTIAL).execute()
    await watch.records.insertInto('polled_device').values(polledBy(network.poller.agentId, core)).execute()
    const ports = [await hear(watch, core, 'ether3', 'hung'), await hear(watch, core, 'ether4', 'cut')]
    const polled = async (states: InterfaceState[]) => {
      const { at } = watch.clock
      await watch.records.transaction().execute(async tx => {
        await recordHeard(tx, { subjectId: core, times: [at], patienceMs: 3 * MINUTE_MS, bootedAt: null })
        for (const [index, state] of states.entries())
          await recordInterfaceState(tx, { interfaceId: ports[index] ?? '', at, state })
      })
    }
    await network.pass(MINUTE_MS)
    await polled(['up', 'up'])
    await network.change([hung, cut], false)
    for (let minute = 0; minute < 4; minute += 1) {
      await network.pass(MINUTE_MS)
      await polled(['up', 'down'])
    }
    await network.change([hung, cut], true)
    await network.pass(MINUTE_MS)
    const lineUp = { kind: 'line-up', neighbourId: core, interfaceName: 'ether3' }
    expect(await outagesOf(watch, hung)).toMatchObject([{ cause: 'device', evidence: lineUp }])
    expect(await outagesOf(watch, cut)).toMatchObject([{ cause: 'unknown', evidence: { kind: 'nothing' } }])
  })

  it('a router that answers its poller and never a ping is not down; one that answered once is', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const id = newId(watch.clock.at)
    const at = watch.clock.at
    const named = {
      id,
      slug: 'r',
      name: 'r',
      kind: 'router',
      machine_id: null,
      created_at: at,
      removed_at: null,
    } as const
    await watch.records.insertInto('device').values(named).execute()
    await watch.records.insertInto('credential').values(CREDENTIAL).execute()
    await watch.records.insertInto('polled_device').values(polledBy(network.poller.agentId, id)).execute()
    await watch.roster.refresh(id)
    await watch.board.refresh()
    const seen: (string | null)[] = []
    for (const answered of [false, true, false]) {
      network.answers.set(id, answered)
      await network.pass(20 * SECOND_MS)
      seen.push(network.state(id))
    }
    expect(seen).toEqual(['unknown', 'up', 'down'])
  })

  it('two offices on one feeder went dark together: its power', async () => {
    const watch = await openWatch()
    const network = await openNetwork(watch)
    const site = async (name: string) =>
      (await createSite.perform(watch.verbDeps, ADMIN, { name, powerFeed: 'Penyulang Mawar' })).id
    const offices = [await network.router('a'), await network.router('b')]
    for (const id of offices)
      await watch.records
        .updateTable('device')
        .set({ site_id: await site(id) })
        .where('id', '=', id)
        .execute()
    await watch.board.refresh()
    await network.pass(MINUTE_MS)
    await network.change(offices, false)
    await network.pass(MINUTE_MS)
    const shared = { kind: 'shared', what: 'power', id: 'Penyulang Mawar', subjectIds: [...offices].sort() }
    expect(await outagesOf(watch, offices[0] ?? '')).toMatchObject([{ to: null, cause: 'power', evidence: shared }])
  })
})

const CREDENTIAL = {
  ...({ id: 'none', name: 'none', version: 'v2c', open_part: '{}', sealed: '' } as const),
  ...{ created_at: 0, changed_at: 0, removed_at: null },
}
const polledBy = (agentId: string, deviceId: string) => ({
  ...{ device_id: deviceId, agent_id: agentId, credential_id: 'none', address: '192.0.2.9', port: 161 },
  ...{ interval_ms: MINUTE_MS, timeout_ms: 1_000, retries: 1, trap_port: null, assigned_at: 0, last_polled_at: null },
  ...{
    last_heard_at: null,
    discovered_at: null,
    identity_key: null,
    identity: null,
    not_offered: null,
    conflict: null,
  },
})

/** A router hears a neighbour of this name on its port; answers the id of the port. */
async function hear(watch: Watch, deviceId: string, port: string, name: string): Promise<string> {
  const id = newId(watch.clock.at)
  const { at } = watch.clock
  await watch.records
    .insertInto('interface')
    .values({
      ...{ id, device_id: deviceId, name: port, alias: '', position: 1, type: 6, speed_bps: 1e9, mac: null },
      ...{ addresses: '[]', counters: '64-bit', first_seen_at: at, seen_at: at, gone_at: null },
    })
    .execute()
  const { count } = await watch.records
    .selectFrom('neighbour')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  await watch.records
    .insertInto('neighbour')
    .values({
      ...{ device_id: deviceId, position: Number(count), protocol: 'lldp', interface_name: port, name },
      ...{ port: null, address: null, platform: null },
    })
    .execute()
  return id
}
