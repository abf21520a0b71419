import type { AuditEntryView } from '../../protocol/settings-views.ts'
import type { Records } from '../stores/records/records.ts'
import { ADMIN_TOKEN_ACTOR } from './admin-token.ts'
import { namesOfUsers } from './user-queries.ts'

/** Newest first, those before entry `before` when it is given. Names are looked up now: the chain itself has ids only. */
export async function listAudit(
  records: Records,
  page: { before?: number | undefined; limit: number },
): Promise<AuditEntryView[]> {
  let query = records.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(page.limit)
  if (page.before !== undefined) query = query.where('seq', '<', page.before)
  const rows = await query.execute()
  const idsOf = (kind: 'user' | 'token') => rows.filter(row => row.actor_kind === kind).map(row => row.actor_id)
  const userNames = await namesOfUsers(records, idsOf('user'))
  const tokenLabels = await labelsOfTokens(records, idsOf('token'))
  return rows.map(row => ({
    seq: row.seq,
    at: row.at,
    // Without a name the id is shown: the entry of an erased person is still an entry.
    actor: userNames.get(row.actor_id) ?? tokenLabels.get(row.actor_id) ?? row.actor_id,
    action: row.action,
    subject: row.subject,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    hash: row.hash,
  }))
}

async function labelsOfTokens(records: Records, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await records.selectFrom('api_token').select(['id', 'label']).where('id', 'in', ids).execute()
  return new Map([[ADMIN_TOKEN_ACTOR.id, 'PANTAU_ADMIN_TOKEN'], ...rows.map(row => [row.id, row.label] as const)])
}
