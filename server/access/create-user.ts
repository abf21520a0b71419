import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { ROLE_PERMISSIONS } from '../../protocol/vocabulary.ts'
import { newId } from '../platform/ids.ts'
import { requireOwnPermissions } from './own-permissions.ts'
import type { Passwords } from './passwords.ts'
import { insertUser } from './user-queries.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

export type CreateUserDeps = VerbDeps & { passwords: Passwords }

/** Errors: `name-taken`; `forbidden` for a role that may do more than who makes the account. */
export const createUser = defineVerb({
  name: 'user.create',
  permission: 'users:write',
  input: z.strictObject({ ...CALLS.createUser.body.shape }),
  async prepare({ deps, actor }: Omit<VerbContext<CreateUserDeps>, 'tx'>, input) {
    requireOwnPermissions(actor, ROLE_PERMISSIONS[input.role])
    return { passwordHash: await deps.passwords.hash(input.password) }
  },
  run: ({ tx, at }, input, { passwordHash }) =>
    insertUser(tx, {
      id: newId(at),
      name: input.name,
      displayName: input.displayName,
      role: input.role,
      passwordHash,
      at,
      lastLoginAt: null,
    }),
  audit: (_input, user) => ({ subject: user.id, detail: { role: user.role } }),
})
