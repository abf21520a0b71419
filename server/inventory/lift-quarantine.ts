import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import type { AgentKeys } from '../access/agent-keys.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'

/** Takes an agent in again, after its copy was ended or has enrolled as a machine of its own. Errors: `wrong-state`. */
export const liftQuarantine = defineVerb({
  name: 'agent.lift-quarantine',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId, ...CALLS.liftQuarantine.body.shape }),
  run: async (
    { tx }: VerbContext<VerbDeps & { agentKeys: AgentKeys; forgetClone: (agentId: string) => void }>,
    input,
  ) => {
    const lifted = await tx.deleteFrom('agent_quarantine').where('agent_id', '=', input.id).executeTakeFirst()
    if (lifted.numDeletedRows === 0n) throw new ProblemError('wrong-state', 'This agent is not in quarantine')
    const agent = await tx.selectFrom('agent').select('device_id').where('id', '=', input.id).executeTakeFirstOrThrow()
    return { deviceId: agent.device_id }
  },
  audit: (input, result) => ({ subject: input.id, detail: { deviceId: result.deviceId } }),
  committed: (deps, input, result) => {
    deps.forgetClone(input.id)
    deps.agentKeys.forget(input.id)
    deps.changes.append({ kind: 'server', id: result.deviceId })
  },
})
