import type { Selectable } from 'kysely'
import type { AgentView, EnrolledView } from '../../protocol/agent-views.ts'
import type { Architecture } from '../../protocol/upgrade.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** Sequence of the newest bundle for a kind of machine; null while none is known. */
export type NewestBundle = (arch: Architecture) => number | null

export type AgentFilter = {
  search?: string | undefined
  may?: 'anything' | 'poll' | undefined
  /** Only those that enrolled before this one. */
  before?: string | undefined
  limit: number
}

/** Newest first; `total` counts all that fit, on whatever page. */
export async function listAgents(
  records: Records,
  newest: NewestBundle,
  { search = '', may = 'anything', before, limit }: AgentFilter,
): Promise<{ agents: AgentView[]; total: number }> {
  let fitting = records.selectFrom('agent')
  if (search !== '') fitting = fitting.where(eb => eb(eb.fn('lower', ['hostname']), 'like', containing(search)))
  if (may === 'poll') fitting = fitting.where('kind', 'in', ['noc', 'remote']).where('revoked_at', 'is', null)
  const { total } = await fitting.select(eb => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  let page = fitting
  if (before !== undefined) {
    const last = await records
      .selectFrom('agent')
      .select(['id', 'enrolled_at'])
      .where('id', '=', before)
      .executeTakeFirst()
    if (last === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
    page = page.where(eb =>
      eb.or([
        eb('enrolled_at', '<', last.enrolled_at),
        eb.and([eb('enrolled_at', '=', last.enrolled_at), eb('id', '<', last.id)]),
      ]),
    )
  }
  const rows = await page
    .leftJoin('agent_quarantine', 'agent_quarantine.agent_id', 'agent.id')
    .selectAll('agent')
    .select('agent_quarantine.reason as quarantined')
    .orderBy('enrolled_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return { agents: rows.map(row => agentView(row, newest)), total }
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
  const usurpers = await inPlaceOfNoc(
    records,
    rows.map(({ id }) => id),
  )
  return {
    agents: rows.map(row => ({
      id: row.id,
      deviceId: row.device_id,
      hostname: row.hostname,
      enrolledAt: row.enrolled_at,
      lastSampleAt: row.last_sample_at,
      replaced: usurpers.has(row.id) ? 'noc-agent' : 'nobody',
    })),
  }
}

/** Which of these agents took the place of the collector's own: that one's key ended at the moment they enrolled. */
export async function inPlaceOfNoc(records: Records, agentIds: readonly string[]): Promise<Set<string>> {
  if (agentIds.length === 0) return new Set()
  const rows = await records
    .selectFrom('agent')
    .innerJoin('agent as noc', join =>
      join.onRef('noc.device_id', '=', 'agent.device_id').onRef('noc.revoked_at', '=', 'agent.enrolled_at'),
    )
    .select('agent.id')
    .where('agent.id', 'in', agentIds)
    .where('agent.kind', '!=', 'noc')
    .where('noc.kind', '=', 'noc')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** What stands for any text in a pattern stands for any one letter here: it finds what it names, and little else. */
const containing = (text: string) => `%${text.toLowerCase().replaceAll('%', '_')}%`

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
