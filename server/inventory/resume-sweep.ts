import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Vault } from '../stores/vault.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { requirePoller } from './poller.ts'
import { requestOf, stateOf } from './sweeps.ts'
import { orderOf } from './task-order.ts'

/**
 * Has a sweep that was interrupted go on with the addresses that were not asked yet; what it found stays. Errors:
 * `not-found` (sweep, agent, credential), `wrong-state`, `too-many-requests`.
 */
export const resumeSweep = defineVerb({
  name: 'sweep.resume',
  permission: 'inventory:write',
  input: z.strictObject({ taskId: recordId }),
  async run({ deps, tx, at }: VerbContext<VerbDeps & { agentTasks: AgentTasks; vault: Vault }>, { taskId }) {
    const row = await tx.selectFrom('sweep').selectAll().where('task_id', '=', taskId).executeTakeFirst()
    if (row === undefined) throw new ProblemError('not-found', 'There is no sweep with this task')
    if (stateOf(row, at) !== 'interrupted') throw new ProblemError('wrong-state', 'This sweep was not interrupted')
    const agentId = await requirePoller(tx, row.agent_id)
    const request = requestOf(row)
    const order = await orderOf(tx, deps.vault, request)
    if (order.kind !== 'discover') throw new Error('a sweep makes an order of a sweep')
    // Where only the last word was lost, the last address is asked again: it says that this was all.
    const before = Math.min(row.asked, order.addresses.length - 1)
    const rest = { ...order, addresses: order.addresses.slice(before) }
    const task = deps.agentTasks.ask(agentId, request, rest, at)
    await tx
      .updateTable('sweep')
      .set({ task_id: task.id, heard_at: at, asked_before: before })
      .where('id', '=', row.id)
      .execute()
    return task
  },
  audit: ({ taskId }, task) => ({ subject: task.agentId, detail: { before: taskId, taskId: task.id } }),
})
