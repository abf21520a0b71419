import type { Selectable } from 'kysely'
import type { EnrolmentTokenView } from '../../protocol/agent-views.ts'
import type { Records } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** All enrolment tokens, newest first, the dead ones too. */
export async function listEnrolmentTokens(records: Records): Promise<EnrolmentTokenView[]> {
  const rows = await records.selectFrom('enrolment_token').selectAll().orderBy('id', 'desc').execute()
  return rows.map(enrolmentTokenViewOf)
}

export function enrolmentTokenViewOf(row: Selectable<Tables['enrolment_token']>): EnrolmentTokenView {
  return {
    id: row.id,
    label: row.label,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usesLeft: row.uses_left,
    revokedAt: row.revoked_at,
  }
}
