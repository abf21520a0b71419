// Sessions of people. The browser holds a random secret, the records only its hash.
import type { Role } from '../../protocol/vocabulary.ts'
import { hashSecret, newSecret } from '../platform/ids.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'

export type SessionUser = { id: string; name: string; displayName: string; role: Role }
export type FoundSession = { user: SessionUser; secretHash: string; expiresAt: number }

const HOUR_MS = 3_600_000
/** How long a session lives without use. A wall screen is a viewer and runs for weeks. */
export const SESSION_LIFE_MS: Record<Role, number> = {
  admin: 12 * HOUR_MS,
  operator: 12 * HOUR_MS,
  viewer: 30 * 24 * HOUR_MS,
}
/** Use is written down at most this often, so that reading a page is not a write to the disk. */
const SEEN_EVERY_MS = 60_000

/** Opens a session in the transaction of who signs in; the secret goes into the cookie and nowhere else. */
export async function createSession(
  tx: RecordsTransaction,
  session: { user: { id: string; role: Role }; at: number },
): Promise<string> {
  const secret = newSecret('pantau_session')
  await tx
    .insertInto('session')
    .values({
      secret_hash: hashSecret(secret),
      user_id: session.user.id,
      created_at: session.at,
      expires_at: session.at + SESSION_LIFE_MS[session.user.role],
      last_seen_at: session.at,
    })
    .execute()
  return secret
}

/** The session of `secret` if it lives and its user is active; use pushes its end further away. */
export async function findSession(records: Records, secret: string, at: number): Promise<FoundSession | null> {
  const secretHash = hashSecret(secret)
  const row = await records
    .selectFrom('session')
    .innerJoin('user_account', 'user_account.id', 'session.user_id')
    .select(['user_account.id', 'user_account.name', 'user_account.display_name', 'user_account.role'])
    .select(['session.expires_at', 'session.last_seen_at'])
    .where('session.secret_hash', '=', secretHash)
    .where('session.expires_at', '>', at)
    .where('user_account.disabled_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  let expiresAt = row.expires_at
  if (at - row.last_seen_at >= SEEN_EVERY_MS) {
    expiresAt = at + SESSION_LIFE_MS[row.role]
    await records
      .updateTable('session')
      .set({ last_seen_at: at, expires_at: expiresAt })
      .where('secret_hash', '=', secretHash)
      .execute()
  }
  const user = { id: row.id, name: row.name, displayName: row.display_name, role: row.role }
  return { user, secretHash, expiresAt }
}

/** Ends the sessions of a user, all or all but the one that asks. */
export async function endSessions(tx: RecordsTransaction, userId: string, exceptHash?: string): Promise<void> {
  let query = tx.deleteFrom('session').where('user_id', '=', userId)
  if (exceptHash !== undefined) query = query.where('secret_hash', '!=', exceptHash)
  await query.execute()
}

/** Removes what has expired; answers whose sessions they were, so that open pages can be told. */
export async function sweepSessions(records: Records, at: number): Promise<string[]> {
  const gone = await records.deleteFrom('session').where('expires_at', '<=', at).returning('user_id').execute()
  return [...new Set(gone.map(row => row.user_id))]
}
