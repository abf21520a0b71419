import type { AgentView } from '../../protocol/views.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'

export async function listAgents(records: Records): Promise<AgentView[]> {
  const rows = await records.selectFrom('agent').selectAll().orderBy('enrolled_at', 'desc').limit(5_000).execute()
  return rows.map(agentView)
}

/** Errors: `not-found`. */
export async function readAgent(records: Records, id: string): Promise<AgentView> {
  const row = await records.selectFrom('agent').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
  return agentView(row)
}

function agentView(row: {
  id: string
  device_id: string
  hostname: string
  version: string
  enrolled_at: number
  last_contact_at: number | null
  skew_ms: number | null
  revoked_at: number | null
  kind: 'noc' | 'remote' | 'writer'
}): AgentView {
  return {
    id: row.id,
    deviceId: row.device_id,
    hostname: row.hostname,
    version: row.version,
    enrolledAt: row.enrolled_at,
    lastContactAt: row.last_contact_at,
    skewMs: row.skew_ms,
    revokedAt: row.revoked_at,
    kind: row.kind,
  }
}
