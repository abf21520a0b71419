import { describe, expect, it } from 'vitest'
import {
  type AgentFilter,
  agentsEnrolledWith,
  inPlaceOfNoc,
  listAgents,
  readAgent,
} from '../../../server/inventory/agent-queries.ts'
import { enrolAgent } from '../../../server/inventory/enrol-agent.ts'
import { factsOf } from '../../../server/inventory/fact-queries.ts'
import { removeServer } from '../../../server/inventory/remove-server.ts'
import { revokeAgent } from '../../../server/inventory/revoke-agent.ts'
import { createRoster } from '../../../server/inventory/roster.ts'
import { ProblemError } from '../../../server/platform/problem-error.ts'
import { ADMIN, HOUR_MS, INTERVAL_MS, MINUTE_MS, machineIdOf, openWatch, person, SECOND_MS } from '../rules/watch.ts'

/** The code of the refusal; fails the story when there was none. */
async function refusal(work: Promise<unknown>): Promise<ProblemError> {
  const outcome = await work.then(
    value => ({ value }),
    (error: unknown) => error,
  )
  if (outcome instanceof ProblemError) return outcome
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`, { cause: outcome })
}

const UNKNOWN_ID = '01938f6e-0000-7000-8000-00000000ffff'

/** Nothing that an agent could be upgraded to. */
const noBundle = () => null

describe('a machine enrols', () => {
  it('becomes a server with a readable name, and its agent is on record', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol('Web-01.Kota.go.id')
    expect(watch.roster.get(machine.deviceId)).toMatchObject({
      slug: 'web-01-kota-go-id',
      name: 'Web-01.Kota.go.id',
      createdAt: watch.clock.at,
      agent: { id: machine.agentId, kind: 'remote', lastSampleAt: null, revokedAt: null },
    })
    expect(await watch.audit('agent.enrol')).toMatchObject([
      { subject: machine.agentId, detail: { deviceId: machine.deviceId, replaced: [] } },
    ])
    expect((await listAgents(watch.records, noBundle, { limit: 10 })).agents).toEqual([
      await readAgent(watch.records, machine.agentId, noBundle),
    ])
  })

  it('is found by a part of its name, and many are told page by page', async () => {
    const watch = await openWatch()
    for (const name of ['web-1', 'web-2', 'basisdata']) await watch.enrol(name)
    const names = async (question: Partial<AgentFilter>) => {
      const { agents, total } = await listAgents(watch.records, noBundle, { limit: 10, ...question })
      return { names: agents.map(({ hostname }) => hostname), total, last: agents.at(-1)?.id }
    }
    expect(await names({ search: 'WEB' })).toMatchObject({ names: ['web-2', 'web-1'], total: 2 })
    const first = await names({ limit: 2 })
    expect(first).toMatchObject({ names: ['basisdata', 'web-2'], total: 3 })
    expect(await names({ limit: 2, before: first.last })).toMatchObject({ names: ['web-1'], total: 3 })
  })

  it('keeps the slugs of namesakes apart', async () => {
    const watch = await openWatch()
    const slugs: string[] = []
    for (const [index, name] of ['web', 'web', 'Web', 'web-2', 'web_%', '***', '***'].entries()) {
      const machine = await watch.enrol(name, machineIdOf(`machine-${index}`))
      slugs.push(watch.roster.get(machine.deviceId)?.slug ?? '')
    }
    expect(slugs).toEqual(['web', 'web-2', 'web-3', 'web-2-2', 'web-4', 'x', 'x-2'])
  })

  it('a wrong token makes nothing', async () => {
    const watch = await openWatch()
    const enrolment = { hostname: 'web-1', machineId: machineIdOf('web-1'), agentVersion: '0.1.0' }
    const refused = await refusal(enrolAgent(watch, { tokenSecret: 'pantau_enrol_guess', enrolment }))
    expect(refused.code).toBe('unauthenticated')
    expect(await watch.records.selectFrom('device').selectAll().execute()).toEqual([])
  })
})

describe('the same machine enrols again', () => {
  it('keeps its history, and the key it had before stops working', async () => {
    const watch = await openWatch()
    const first = await watch.enrol()
    await watch.speak(first, { facts: [{ at: watch.clock.at, name: 'os.distro', value: 'Debian 12' }] })
    watch.clock.at += HOUR_MS
    const second = await watch.enrol()
    expect(second.deviceId).toBe(first.deviceId)
    expect(second.agentId).not.toBe(first.agentId)
    expect(await readAgent(watch.records, first.agentId, noBundle)).toMatchObject({ revokedAt: watch.clock.at })
    expect(await readAgent(watch.records, second.agentId, noBundle)).toMatchObject({ revokedAt: null })
    expect(await factsOf(watch.records, first.deviceId)).toMatchObject([{ name: 'os.distro' }])
    expect(watch.roster.all()).toHaveLength(1)
    expect(watch.roster.get(first.deviceId)?.agent?.id).toBe(second.agentId)
    expect((await watch.audit('agent.enrol'))[1]?.detail).toMatchObject({ replaced: [first.agentId] })
  })

  it('under another name once it is silent: it was renamed, and the wall says so', async () => {
    const watch = await openWatch()
    const before = await watch.enrol('web-1')
    await watch.speak(before)
    watch.clock.at += MINUTE_MS
    const after = await watch.enrol('portal', machineIdOf('web-1'))
    expect(after.deviceId).toBe(before.deviceId)
    expect(watch.roster.get(after.deviceId)).toMatchObject({ name: 'portal', slug: 'web-1' })
  })

  it('under another name while it is alive: it is a clone, and nothing changes', async () => {
    const watch = await openWatch()
    const original = await watch.enrol('web-1')
    await watch.speak(original)
    watch.clock.at += MINUTE_MS - 1
    const refused = await refusal(watch.enrol('web-2', machineIdOf('web-1')))
    expect(refused.code).toBe('identity-conflict')
    expect(refused.message).toMatch(/web-1 is alive.*web-2 looks like its clone/)
    expect(await readAgent(watch.records, original.agentId, noBundle)).toMatchObject({ revokedAt: null })
    expect(await listAgents(watch.records, noBundle, { limit: 10 })).toMatchObject({ total: 1, agents: [{}] })
    // The token was not used up by it: the transaction took that back too.
    const tokens = await watch.records.selectFrom('enrolment_token').select('uses_left').execute()
    expect(tokens.map(token => token.uses_left).sort()).toEqual([0, 1])
  })
})

describe('an agent on the machine of the collector', () => {
  it("takes the place of the collector's own agent, and that is told; a later one of its own does not", async () => {
    const watch = await openWatch()
    const noc = await watch.enrol('noc')
    await watch.records.updateTable('agent').set({ kind: 'noc' }).where('id', '=', noc.agentId).execute()
    watch.clock.at += MINUTE_MS
    const usurper = await watch.enrol('noc')
    const { enrolment_token_id: token } = await watch.records
      .selectFrom('agent')
      .select('enrolment_token_id')
      .where('id', '=', usurper.agentId)
      .executeTakeFirstOrThrow()
    const told = await agentsEnrolledWith(watch.records, token ?? '')
    expect(told.agents).toMatchObject([{ id: usurper.agentId, replaced: 'noc-agent' }])
    watch.clock.at += MINUTE_MS
    const next = await watch.enrol('noc')
    expect(await inPlaceOfNoc(watch.records, [next.agentId])).toEqual(new Set())
  })
})

describe('revoking and removing', () => {
  it('a revoked agent is known and out; its server stays on the wall', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    await revokeAgent.perform(watch.verbDeps, ADMIN, { id: machine.agentId })
    await watch.roster.refresh(machine.deviceId)
    expect(watch.roster.get(machine.deviceId)?.agent).toMatchObject({ revokedAt: watch.clock.at })
    const again = await refusal(revokeAgent.perform(watch.verbDeps, ADMIN, { id: machine.agentId }))
    expect(again.code).toBe('wrong-state')
    expect((await refusal(revokeAgent.perform(watch.verbDeps, ADMIN, { id: UNKNOWN_ID }))).code).toBe('not-found')
    expect(await watch.audit('agent.revoke')).toMatchObject([{ actor_kind: 'user', subject: machine.agentId }])
  })

  it('a removed server is gone from the wall, its agent is out, and it is told', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    await removeServer.perform(watch.verbDeps, ADMIN, { id: machine.deviceId })
    await watch.roster.refresh(machine.deviceId)
    expect(watch.roster.all()).toEqual([])
    expect((await createRoster({ records: watch.records })).all()).toEqual([])
    expect(await readAgent(watch.records, machine.agentId, noBundle)).toMatchObject({ revokedAt: watch.clock.at })
    expect(await watch.audit('server.remove')).toMatchObject([
      { subject: machine.deviceId, detail: { revokedAgents: [machine.agentId] } },
    ])
    expect(watch.changes.since(0).changes.at(-1)).toEqual({ kind: 'server', id: machine.deviceId })
    const again = await refusal(removeServer.perform(watch.verbDeps, ADMIN, { id: machine.deviceId }))
    expect(again.code).toBe('not-found')
  })

  it('one that comes back is the same server, and owes nothing for the time in which it was away', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    await removeServer.perform(watch.verbDeps, ADMIN, { id: machine.deviceId })
    await watch.roster.refresh(machine.deviceId)
    watch.clock.at += 240 * HOUR_MS
    const again = await watch.enrol()
    expect(again.deviceId).toBe(machine.deviceId)
    expect(watch.roster.get(again.deviceId)).toMatchObject({ slug: 'web-1', createdAt: watch.clock.at })
  })

  it.each(['operator', 'viewer'] as const)('a %s may do neither', async role => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const actor = person(role)
    expect((await refusal(revokeAgent.perform(watch.verbDeps, actor, { id: machine.agentId }))).code).toBe('forbidden')
    expect((await refusal(removeServer.perform(watch.verbDeps, actor, { id: machine.deviceId }))).code).toBe(
      'forbidden',
    )
    expect(watch.roster.get(machine.deviceId)?.agent?.revokedAt).toBeNull()
    expect(await watch.audit('server.remove')).toEqual([])
  })
})

describe('what a batch tells of its server', () => {
  it('a newer fact replaces an older one, a late one does not', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const { at } = watch.clock
    const tell = (value: string | number | boolean, factAt: number) =>
      watch.speak(machine, { facts: [{ at: factAt, name: 'os.kernel', value }] })
    await tell('6.1', at)
    await tell('6.12', at + SECOND_MS)
    await tell('5.10', at - HOUR_MS)
    await watch.speak(machine, {
      facts: [
        { at, name: 'cpu.cores', value: 8 },
        { at, name: 'secureboot', value: false },
      ],
    })
    expect(await factsOf(watch.records, machine.deviceId)).toEqual([
      { name: 'cpu.cores', value: 8, at },
      { name: 'os.kernel', value: '6.12', at: at + SECOND_MS },
      { name: 'secureboot', value: false, at },
    ])
  })

  it('a late batch moves nothing back: not the times, not the version, not the rhythm', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    watch.clock.at += HOUR_MS
    await watch.speak(machine, { version: '0.2.0', intervalMs: 5_000 })
    const newest = watch.clock.at
    watch.clock.at += SECOND_MS
    await watch.speak(machine, { at: newest - HOUR_MS / 2, version: '0.1.0', intervalMs: 60_000 })
    const row = await watch.records.selectFrom('agent').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      version: '0.2.0',
      interval_ms: 5_000,
      last_sample_at: newest,
      last_contact_at: watch.clock.at,
    })
    expect(watch.roster.get(machine.deviceId)?.agent).toMatchObject({
      lastSampleAt: newest,
      lastContactAt: watch.clock.at,
    })
  })

  it('the roster in memory does not go back either', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    const told = (lastSampleAt: number, version: string) =>
      watch.roster.observed(machine.deviceId, { version, intervalMs: 1_000, lastSampleAt, lastContactAt: lastSampleAt })
    told(2_000, '0.2.0')
    told(1_000, '0.1.0')
    expect(watch.roster.get(machine.deviceId)?.agent).toMatchObject({
      version: '0.2.0',
      lastSampleAt: 2_000,
      lastContactAt: 2_000,
    })
    told(3_000, '0.3.0')
    expect(watch.roster.get(machine.deviceId)?.agent).toMatchObject({ version: '0.3.0', lastSampleAt: 3_000 })
    watch.roster.observed(UNKNOWN_ID, { version: '9' })
    expect(watch.roster.get(UNKNOWN_ID)).toBeUndefined()
  })

  it('an agent whose clock runs ahead is not heard in the future', async () => {
    const watch = await openWatch()
    const machine = await watch.enrol()
    await watch.speak(machine, { at: watch.clock.at + 20 * MINUTE_MS })
    expect(watch.roster.get(machine.deviceId)?.agent?.lastSampleAt).toBe(watch.clock.at)
    await watch.pass(4 * INTERVAL_MS)
    expect(watch.verdict(machine, 'server-heartbeat')).toBe('unmet')
  })
})
