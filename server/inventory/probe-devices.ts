import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Vault } from '../stores/vault.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { requirePoller } from './poller.ts'
import { keepSweep } from './sweeps.ts'
import { orderOf } from './task-order.ts'

/**
 * The live test of one address, or the sweep of many. Errors: `not-found` (agent, credential), `wrong-state`, `bad-request`
 * (a range that is none, another kind of task), `too-many-requests`.
 */
export const probeDevices = defineVerb({
  name: 'device.probe',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.probeDevices.body.shape }),
  async run({ deps, tx, at }: VerbContext<VerbDeps & { agentTasks: AgentTasks; vault: Vault }>, input) {
    if (input.order.kind !== 'snmp-test' && input.order.kind !== 'discover') {
      throw new ProblemError('bad-request', 'Only snmp-test and discover are done here')
    }
    const agentId = await requirePoller(tx, input.agentId)
    const task = deps.agentTasks.ask(agentId, input.order, await orderOf(tx, deps.vault, input.order), at)
    await keepSweep(tx, task, at)
    return task
  },
  audit: (input, task) => ({ subject: task.agentId, detail: { taskId: task.id, order: input.order } }),
})
