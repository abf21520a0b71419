import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { type TaskOrder, type TaskRequest, taskRequest } from '../../protocol/tasks.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { addressesOf, RangeProblem } from './address-ranges.ts'
import type { AgentTasks } from './agent-tasks.ts'
import { openCredentials } from './credential-secrets.ts'

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
    return deps.agentTasks.ask(input.id, input.order, await orderOf(tx, deps.vault, input.order), at)
  },
  audit: (input, result) => ({ subject: input.id, detail: { taskId: result.id, order: input.order } }),
})

/** The request as the agent gets it: with the secrets of the credentials, and each address by itself. */
async function orderOf(tx: RecordsTransaction, vault: Vault, request: TaskRequest): Promise<TaskOrder> {
  switch (request.kind) {
    case 'snmp-test': {
      const { credentialIds, ...rest } = request
      return { ...rest, credentials: await openCredentials(tx, vault, credentialIds) }
    }
    case 'discover': {
      const { credentialIds, ranges, ...rest } = request
      const credentials = await openCredentials(tx, vault, credentialIds)
      return { ...rest, credentials, addresses: addressesIn(ranges) }
    }
    default:
      return request
  }
}

function addressesIn(ranges: readonly string[]): string[] {
  try {
    return addressesOf(ranges, SNMP_LIMITS.addresses)
  } catch (error) {
    if (!(error instanceof RangeProblem)) throw error
    throw new ProblemError('bad-request', error.message, {
      issues: [{ path: 'order.ranges', message: error.message }],
    })
  }
}
