import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import type { AgentKeys } from '../access/agent-keys.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'

/** Revokes the key of an agent at once: the next batch it sends is refused. Errors: `not-found`, `wrong-state`. */
export const revokeAgent = defineVerb({
  name: 'agent.revoke',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId, ...CALLS.revokeAgent.body.shape }),
  run: async ({ tx, at }: VerbContext<VerbDeps & { agentKeys: AgentKeys }>, input) => {
    const agent = await tx.selectFrom('agent').selectAll().where('id', '=', input.id).executeTakeFirst()
    if (agent === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
    if (agent.revoked_at !== null) throw new ProblemError('wrong-state', 'This agent is revoked already')
    await tx.updateTable('agent').set({ revoked_at: at }).where('id', '=', input.id).execute()
    return { deviceId: agent.device_id }
  },
  audit: (input, result) => ({ subject: input.id, detail: { deviceId: result.deviceId } }),
  committed: (deps, input, result) => {
    deps.agentKeys.forget(input.id)
    deps.changes.append({ kind: 'server', id: result.deviceId })
  },
})
