import type { Selectable } from 'kysely'
import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { ROLE_PERMISSIONS } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'
import { requireOwnPermissions } from './own-permissions.ts'
import type { Passwords } from './passwords.ts'
import { endSessions } from './sessions.ts'
import { userViewOf } from './user-queries.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

export type UpdateUserDeps = VerbDeps & { passwords: Passwords }
type Account = Selectable<Tables['user_account']>

/**
 * Another role, another password, disabling: each ends the user's sessions, so that rights are never older than the
 * account. Errors: `not-found`; `last-admin`; `forbidden` where present or new role may do more than who changes it.
 */
export const updateUser = defineVerb({
  name: 'user.update',
  permission: 'users:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateUser.body.shape }),
  async prepare({ deps }: Omit<VerbContext<UpdateUserDeps>, 'tx'>, input) {
    return { passwordHash: input.password === undefined ? null : await deps.passwords.hash(input.password) }
  },
  async run({ tx, actor, at }, input, { passwordHash }) {
    const before = await tx.selectFrom('user_account').selectAll().where('id', '=', input.id).executeTakeFirst()
    if (before === undefined) throw new ProblemError('not-found', 'There is no such account')
    const after: Account = {
      ...before,
      display_name: input.displayName ?? before.display_name,
      role: input.role ?? before.role,
      password_hash: passwordHash ?? before.password_hash,
      disabled_at: disabledAt(before.disabled_at, input.disabled, at),
    }
    requireOwnPermissions(actor, ROLE_PERMISSIONS[before.role])
    requireOwnPermissions(actor, ROLE_PERMISSIONS[after.role])
    if (isActiveAdmin(before) && !isActiveAdmin(after)) await requireOtherAdmin(tx, before.id)
    const { display_name, role, password_hash, disabled_at } = after
    await tx
      .updateTable('user_account')
      .set({ display_name, role, password_hash, disabled_at })
      .where('id', '=', before.id)
      .execute()
    if (after.role !== before.role || passwordHash !== null || disabled_at !== null) await endSessions(tx, before.id)
    return userViewOf(after)
  },
  // Names of persons stay out of the chain: they must be erasable.
  audit: (input, user) => ({
    subject: user.id,
    detail: {
      role: input.role,
      disabled: input.disabled,
      displayName: input.displayName === undefined ? undefined : 'changed',
      password: input.password === undefined ? undefined : 'reset',
    },
  }),
  committed: (deps, _input, user) => deps.changes.append({ kind: 'access', userId: user.id }),
})

function disabledAt(before: number | null, disabled: boolean | undefined, at: number): number | null {
  if (disabled === undefined) return before
  return disabled ? (before ?? at) : null
}

function isActiveAdmin(account: Account): boolean {
  return account.role === 'admin' && account.disabled_at === null
}

/** Asked inside the transaction: of two administrators who disable each other at once, one stays. */
async function requireOtherAdmin(tx: RecordsTransaction, id: string): Promise<void> {
  const other = await tx
    .selectFrom('user_account')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other === undefined) throw new ProblemError('last-admin')
}
