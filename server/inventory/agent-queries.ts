import type { Selectable } from 'kysely'
import type { AgentView, EnrolledView } from '../../protocol/agent-views.ts'
import type { Architecture } from '../../protocol/upgrade.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** Sequence of the newest bundle for a kind of machine; null while none is known. */
export type NewestBundle = (arch: Architecture) => number | null

export async function listAgents(records: Records, newest: NewestBundle): Promise<AgentView[]> {
  const rows = await withQuarantine(records).orderBy('enrolled_at', 'desc').limit(5_000).execute()
  return rows.map(row => agentView(row, newest))
}

/** Errors: `not-found`. */
export async function readAgent(records: Records, id: string, newest: NewestBundle): Promise<AgentView> {
  const row = await withQuarantine(records).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
  return agentView(row, newest)
}

/** Agents that came with this enrolment token, newest first. */
export async function agentsEnrolledWith(records: Records, tokenId: string): Promise<EnrolledView> {
  const rows = await records
    .selectFrom('agent')
    .select(['id', 'device_id', 'hostname', 'enrolled_at', 'last_sample_at'])
    .where('enrolment_token_id', '=', tokenId)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return {
    agents: rows.map(row => ({
      id: row.id,
      deviceId: row.device_id,
      hostname: row.hostname,
      enrolledAt: row.enrolled_at,
      lastSampleAt: row.last_sample_at,
    })),
  }
}

function withQuarantine(records: Records) {
  return records
    .selectFrom('agent')
    .leftJoin('agent_quarantine', 'agent_quarantine.agent_id', 'agent.id')
    .selectAll('agent')
    .select('agent_quarantine.reason as quarantined')
}

function agentView(row: Selectable<Tables['agent']> & { quarantined: string | null }, newest: NewestBundle): AgentView {
  return {
    id: row.id,
    deviceId: row.device_id,
    hostname: row.hostname,
    version: row.version,
    enrolledAt: row.enrolled_at,
    lastContactAt: row.last_contact_at,
    skewMs: row.skew_ms,
    revokedAt: row.revoked_at,
    quarantined: row.quarantined,
    kind: row.kind,
    upgrade: upgradeOf(row, newest),
  }
}

function upgradeOf(row: Selectable<Tables['agent']>, newest: NewestBundle): AgentView['upgrade'] {
  const { bundle_arch: arch, bundle_sequence: sequence } = row
  const there = arch === null ? null : newest(arch)
  if (sequence === null || there === null || there <= sequence || row.revoked_at !== null) return 'none'
  if (row.upgrade_to === there && (row.upgrade_failed !== there || row.upgrade_again === 1)) return 'allowed'
  return row.upgrade_failed === there ? 'failed' : 'available'
}
