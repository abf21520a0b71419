// Which agent polls: the one that was named, or the one beside the collector.
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** Id of an agent that can poll. Errors: `not-found`, `wrong-state` (revoked, or a kind that takes no orders). */
export async function requirePoller(tx: RecordsTransaction, agentId: string | null): Promise<string> {
  const agent = await tx
    .selectFrom('agent')
    .select(['id', 'kind', 'revoked_at'])
    .$if(agentId !== null, query => query.where('id', '=', agentId ?? ''))
    .$if(agentId === null, query => query.where('kind', '=', 'noc').where('revoked_at', 'is', null))
    .orderBy('enrolled_at', 'desc')
    .executeTakeFirst()
  if (agent === undefined) {
    const which = agentId === null ? 'There is no agent beside the collector' : 'There is no agent with this id'
    throw new ProblemError('not-found', which)
  }
  if (agent.revoked_at !== null) throw new ProblemError('wrong-state', 'This agent is revoked')
  if (agent.kind !== 'noc' && agent.kind !== 'remote') {
    throw new ProblemError('wrong-state', 'Only an agent that is installed as a program can poll devices')
  }
  return agent.id
}

/** From now on this agent may deliver for the device; the one before may still bring what it measured until now. */
export async function assignPoller(tx: RecordsTransaction, deviceId: string, agentId: string, at: number) {
  await releasePoller(tx, deviceId, at)
  await tx
    .insertInto('poll_assignment')
    .values({ device_id: deviceId, agent_id: agentId, from_ms: at, until_ms: null })
    .onConflict(conflict => conflict.columns(['device_id', 'agent_id', 'from_ms']).doUpdateSet({ until_ms: null }))
    .execute()
}

export async function releasePoller(tx: RecordsTransaction, deviceId: string, at: number): Promise<void> {
  await tx
    .updateTable('poll_assignment')
    .set({ until_ms: at })
    .where('device_id', '=', deviceId)
    .where('until_ms', 'is', null)
    .execute()
}
