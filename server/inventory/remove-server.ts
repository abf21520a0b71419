import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import type { AgentKeys } from '../access/agent-keys.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AssignmentBook } from './assignments.ts'
import { releasePoller } from './poller.ts'

/** Takes a device off the wall, revokes its agents, and has it polled no more; samples, verdicts and incidents stay. Errors: `not-found`. */
export const removeServer = defineVerb({
  name: 'server.remove',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId }),
  run: async ({ tx, at }: VerbContext<VerbDeps & { agentKeys: AgentKeys; assignments: AssignmentBook }>, input) => {
    const removed = await tx
      .updateTable('device')
      .set({ removed_at: at })
      .where('id', '=', input.id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (removed.numUpdatedRows === 0n) throw new ProblemError('not-found', 'There is no server with this id')
    await releasePoller(tx, input.id, at)
    const agents = await tx
      .updateTable('agent')
      .set({ revoked_at: at })
      .where('device_id', '=', input.id)
      .where('revoked_at', 'is', null)
      .returning('id')
      .execute()
    return { agentIds: agents.map(agent => agent.id) }
  },
  audit: (input, result) => ({ subject: input.id, detail: { revokedAgents: result.agentIds } }),
  committed: (deps, input, result) => {
    for (const agentId of result.agentIds) deps.agentKeys.forget(agentId)
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'server', id: input.id })
  },
})
