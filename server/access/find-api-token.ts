import { PERMISSIONS, type Permission, ROLE_PERMISSIONS } from '../../protocol/vocabulary.ts'
import { hashSecret } from '../platform/ids.ts'
import type { Records } from '../stores/records/records.ts'
import { type Actor, COLLECTOR } from './actor.ts'
import { ADMIN_TOKEN_ACTOR } from './admin-token.ts'
import { scopesOf } from './token-queries.ts'

/** Use is written down at most this often. */
const USED_EVERY_MS = 60_000

/**
 * Who the secret of an API token is; null when it is unknown, revoked, expired, or its maker may do nothing any more. A
 * token never may more than who made it may now: disabling a person ends what their tokens can do, enabling brings it back.
 */
export async function findApiToken(records: Records, secret: string, at: number): Promise<Actor | null> {
  const token = await records
    .selectFrom('api_token')
    .select(['id', 'scopes', 'created_by', 'expires_at', 'revoked_at', 'last_used_at'])
    .where('secret_hash', '=', hashSecret(secret))
    .executeTakeFirst()
  if (token === undefined) return null
  const permissions = await permissionsNow(records, token, at)
  if (permissions.length === 0) return null
  if (token.last_used_at === null || at - token.last_used_at >= USED_EVERY_MS)
    await records.updateTable('api_token').set({ last_used_at: at }).where('id', '=', token.id).execute()
  return { kind: 'token', id: token.id, permissions }
}

type Token = { scopes: string; created_by: string; expires_at: number | null; revoked_at: number | null }

async function permissionsNow(records: Records, token: Token, at: number): Promise<Permission[]> {
  if (token.revoked_at !== null || (token.expires_at !== null && token.expires_at <= at)) return []
  const makers = new Set(await permissionsOfMaker(records, token.created_by, at))
  return scopesOf(token.scopes).filter(scope => makers.has(scope))
}

/** The maker is a person, the administrator's token of the environment, the collector, or another API token. */
async function permissionsOfMaker(records: Records, id: string, at: number): Promise<readonly Permission[]> {
  if (id === ADMIN_TOKEN_ACTOR.id || id === COLLECTOR.id) return PERMISSIONS
  const user = await records
    .selectFrom('user_account')
    .select(['role', 'disabled_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (user !== undefined) return user.disabled_at === null ? ROLE_PERMISSIONS[user.role] : []
  const token = await records
    .selectFrom('api_token')
    .select(['scopes', 'created_by', 'expires_at', 'revoked_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return token === undefined ? [] : permissionsNow(records, token, at)
}
