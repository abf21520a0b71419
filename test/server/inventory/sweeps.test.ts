// A sweep outlives the collector that ordered it and the agent that did it.
import { expect, it, onTestFinished } from 'vitest'
import type { Discovered } from '../../../protocol/snmp.ts'
import { createAgentTasks } from '../../../server/inventory/agent-tasks.ts'
import { createCredential } from '../../../server/inventory/create-credential.ts'
import { probeDevices } from '../../../server/inventory/probe-devices.ts'
import { resumeSweep } from '../../../server/inventory/resume-sweep.ts'
import { answerTask, listSweeps, readTask } from '../../../server/inventory/sweeps.ts'
import { ADMIN, MINUTE_MS, openWatch, type Watch } from '../rules/watch.ts'

const identity = (sysName: string): Discovered['found'][number]['identity'] => ({
  ...{ kind: 'router', profile: 'generic', vendor: 'MikroTik', model: 'hEX', serial: null, osVersion: '7.1' },
  ...{ engineId: null, baseMac: null, sysObjectId: null, sysName, sysDescr: null },
  ...{ sysLocation: null, sysContact: null, simulated: false },
})

/** A collector's memory of its tasks; another one is what a restart leaves. */
function startCollector(watch: Watch) {
  const assignments = { of: async () => ({ revision: 0, assignments: {} }), onChange: () => {} }
  const agentTasks = createAgentTasks({ assignments, now: watch.now })
  onTestFinished(() => agentTasks.close())
  const deps = { records: watch.records, agentTasks }
  return {
    deps,
    verbDeps: { ...watch.verbDeps, agentTasks },
    fetch: async (agentId: string) => {
      const asked = { after: 0, waitMs: 0, lists: ['snmp' as const] }
      const { tasks } = await agentTasks.wait(agentId, asked, new AbortController().signal)
      return tasks.map(({ order }) => (order.kind === 'discover' ? order.addresses : []))
    },
  }
}

async function setUp() {
  const watch = await openWatch()
  const { agentId } = await watch.enrol('noc')
  const { id: credentialId } = await createCredential.perform(watch.verbDeps, ADMIN, {
    ...{ name: 'OPD', credential: { version: 'v2c', community: 'a-secret-word' } },
  })
  const word = (asked: number, names: Record<string, string>, finished = false): Discovered => ({
    ...{ outcome: 'discovered', finished, asked, total: 6 },
    found: Object.entries(names).map(([address, name]) => ({ address, credentialId, identity: identity(name) })),
  })
  const order = { kind: 'discover', ranges: ['10.0.0.0/29'], credentialIds: [credentialId] } as const
  return { watch, agentId, word, order }
}

it('goes on behind what was asked before the collector and its agent were started again, and keeps what was found', async () => {
  const { watch, agentId, word, order } = await setUp()
  const first = startCollector(watch)
  const { id: taskId } = await probeDevices.perform(first.verbDeps, ADMIN, { agentId, order })
  expect(await first.fetch(agentId)).toEqual([['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']])
  await answerTask(first.deps, { agentId, taskId, result: word(2, { '10.0.0.1': 'opd-satu' }) }, watch.now())

  const second = startCollector(watch)
  expect((await readTask(second.deps, taskId, watch.now())).state).toBe('fetched')
  await expect(resumeSweep.perform(second.verbDeps, ADMIN, { taskId })).rejects.toThrow('not interrupted')
  watch.clock.at += 2 * MINUTE_MS
  expect(await readTask(second.deps, taskId, watch.now())).toMatchObject({
    ...{ state: 'expired', result: { finished: false, asked: 2, total: 6, found: [{ address: '10.0.0.1' }] } },
  })
  expect(await listSweeps(watch.records, watch.now())).toMatchObject([
    { taskId, state: 'interrupted', asked: 2, found: 1 },
  ])

  const { id: nextId } = await resumeSweep.perform(second.verbDeps, ADMIN, { taskId })
  expect(await second.fetch(agentId)).toEqual([['10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']])
  const last = { ...word(4, { '10.0.0.5': 'opd-lima' }, true), total: 4 }
  await answerTask(second.deps, { agentId, taskId: nextId, result: last }, watch.now())
  expect(await readTask(second.deps, nextId, watch.now())).toMatchObject({
    state: 'answered',
    result: { finished: true, asked: 6, total: 6, found: [{ address: '10.0.0.1' }, { address: '10.0.0.5' }] },
  })
  await expect(resumeSweep.perform(second.verbDeps, ADMIN, { taskId: nextId })).rejects.toThrow('not interrupted')
  await expect(readTask(second.deps, taskId, watch.now())).rejects.toThrow('no task')
})

it('of an agent that lived on tells its words to the next collector; those of another agent are nothing', async () => {
  const { watch, agentId, word, order } = await setUp()
  const other = await watch.enrol('other')
  const { id: taskId } = await probeDevices.perform(startCollector(watch).verbDeps, ADMIN, { agentId, order })
  const { deps } = startCollector(watch)
  watch.clock.at += 5 * MINUTE_MS
  const result = word(6, { '10.0.0.2': 'opd-dua' }, true)
  await expect(answerTask(deps, { agentId: other.agentId, taskId, result }, watch.now())).rejects.toThrow('no task')
  await answerTask(deps, { agentId, taskId, result }, watch.now())
  expect(await readTask(deps, taskId, watch.now())).toMatchObject({
    state: 'answered',
    result: { asked: 6, finished: true },
  })
  await expect(answerTask(deps, { agentId, taskId, result }, watch.now())).rejects.toThrow('no task')
})
