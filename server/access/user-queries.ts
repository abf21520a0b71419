import type { Selectable } from 'kysely'
import type { UserView } from '../../protocol/settings-views.ts'
import type { Role } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

/** All accounts by name, the disabled ones too. */
export async function listUsers(records: Records): Promise<UserView[]> {
  const rows = await records.selectFrom('user_account').selectAll().orderBy('name').execute()
  return rows.map(userViewOf)
}

/** Display names by id; an id that is unknown or whose person was erased is missing from the map. */
export async function namesOfUsers(records: Records, ids: Iterable<string>): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const rows = await records
    .selectFrom('user_account')
    .select(['id', 'display_name'])
    .where('id', 'in', wanted)
    .execute()
  return new Map(rows.map(row => [row.id, row.display_name]))
}

export function userViewOf(row: Selectable<Tables['user_account']>): UserView {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
    disabledAt: row.disabled_at,
  }
}

/** Errors: `name-taken`. */
export async function insertUser(
  tx: RecordsTransaction,
  user: {
    id: string
    name: string
    displayName: string
    role: Role
    passwordHash: string
    at: number
    lastLoginAt: number | null
  },
): Promise<UserView> {
  const row = await tx
    .insertInto('user_account')
    .values({
      id: user.id,
      name: user.name,
      display_name: user.displayName,
      role: user.role,
      password_hash: user.passwordHash,
      created_at: user.at,
      last_login_at: user.lastLoginAt,
      disabled_at: null,
    })
    .onConflict(conflict => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('name-taken', `There is an account ${user.name} already`)
  return userViewOf(row)
}
