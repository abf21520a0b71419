import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { taskRequest } from '../../protocol/tasks.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Vault } from '../stores/vault.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { keepSweep } from './sweeps.ts'
import { orderOf } from './task-order.ts'

/**
 * Asks an agent for one thing of the closed list. Errors: `not-found` (agent, credential), `wrong-state`, `bad-request` (a
 * range that is none), `too-many-requests`.
 */
export const askAgent = defineVerb({
  name: 'agent.ask',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId, order: taskRequest }),
  run: async ({ deps, tx, at }: VerbContext<VerbDeps & { agentTasks: AgentTasks; vault: Vault }>, input) => {
    const agent = await tx.selectFrom('agent').select('revoked_at').where('id', '=', input.id).executeTakeFirst()
    if (agent === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
    if (agent.revoked_at !== null) throw new ProblemError('wrong-state', 'This agent is revoked')
    const task = deps.agentTasks.ask(input.id, input.order, await orderOf(tx, deps.vault, input.order), at)
    await keepSweep(tx, task, at)
    return task
  },
  audit: (input, result) => ({ subject: input.id, detail: { taskId: result.id, order: input.order } }),
})
