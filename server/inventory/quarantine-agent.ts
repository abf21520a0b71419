import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import type { Records } from '../stores/records/records.ts'

/** Takes nothing of an agent any more until a person has looked at it. Once: a second reason changes nothing. */
export async function quarantineAgent(
  deps: { records: Records },
  { agentId, reason, at }: { agentId: string; reason: string; at: number },
): Promise<{ deviceId: string } | null> {
  return await deps.records.transaction().execute(async tx => {
    const agent = await tx.selectFrom('agent').select('device_id').where('id', '=', agentId).executeTakeFirst()
    if (agent === undefined) return null
    const put = await tx
      .insertInto('agent_quarantine')
      .values({ agent_id: agentId, at, reason })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirst()
    if ((put.numInsertedOrUpdatedRows ?? 0n) > 0n) {
      await appendAudit(tx, { at, actor: COLLECTOR, action: 'agent.quarantine', subject: agentId, detail: { reason } })
    }
    return { deviceId: agent.device_id }
  })
}
