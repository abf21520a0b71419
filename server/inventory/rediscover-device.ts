import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { requirePolled } from './device-queries.ts'

/** Has a device looked through again now; what is different comes with a batch. Errors: `not-found`, `too-many-requests`. */
export const rediscoverDevice = defineVerb({
  name: 'device.rediscover',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ deps, tx, at }: VerbContext<VerbDeps & { agentTasks: AgentTasks }>, { id }) {
    const { agent_id: agentId } = await requirePolled(tx, id)
    const order = { kind: 'rediscover', deviceId: id } as const
    return deps.agentTasks.ask(agentId, order, order, at)
  },
  audit: ({ id }, task) => ({ subject: id, detail: { taskId: task.id } }),
})
