import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { identityKeyOf } from './device-identity.ts'
import { keptConflict, requirePolled } from './device-queries.ts'
import { writeChanges } from './record-discovery.ts'

/**
 * What answers there is this device from now on: it was replaced, or its engine was made anew. Its history stays. Errors:
 * `not-found`, `wrong-state` when there is nothing to decide.
 */
export const settleIdentity = defineVerb({
  name: 'device.settle-identity',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps & { agentTasks: AgentTasks }>, { id }) {
    const row = await requirePolled(tx, id)
    if (row.conflict === null) throw new ProblemError('wrong-state', 'There is nothing to decide about this device')
    const { recorded, found, identity } = keptConflict.parse(JSON.parse(row.conflict))
    await tx
      .updateTable('polled_device')
      .set({ conflict: null, identity: JSON.stringify(identity), identity_key: identityKeyOf(identity) })
      .where('device_id', '=', id)
      .execute()
    if (recorded !== found) {
      await writeChanges(tx, id, at, [{ what: 'identity.replaced', part: '', before: recorded, after: found }])
    }
    return { agentId: row.agent_id, recorded, found }
  },
  audit: ({ id }, { recorded, found }) => ({ subject: id, detail: { recorded, found } }),
  committed: (deps, { id }, { agentId }) => {
    deps.changes.append({ kind: 'server', id })
    // Its interfaces were left alone so far; an agent that has too much to do will look by itself later.
    const order = { kind: 'rediscover', deviceId: id } as const
    try {
      deps.agentTasks.ask(agentId, order, order, deps.now())
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
    }
  },
})
