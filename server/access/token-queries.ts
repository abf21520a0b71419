import type { Selectable } from 'kysely'
import type { ApiTokenView } from '../../protocol/settings-views.ts'
import { PERMISSIONS, type Permission } from '../../protocol/vocabulary.ts'
import type { Records } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** All API tokens, newest first, the dead ones too. */
export async function listApiTokens(records: Records): Promise<ApiTokenView[]> {
  const rows = await records.selectFrom('api_token').selectAll().orderBy('id', 'desc').execute()
  return rows.map(apiTokenViewOf)
}

export function apiTokenViewOf(row: Selectable<Tables['api_token']>): ApiTokenView {
  return {
    id: row.id,
    label: row.label,
    scopes: scopesOf(row.scopes),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  }
}

/** Scopes as they are stored; a permission that a later version dropped is left out. */
export function scopesOf(text: string): Permission[] {
  const stored = JSON.parse(text) as string[]
  return PERMISSIONS.filter(permission => stored.includes(permission))
}
