import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { LoginThrottle } from './login-throttle.ts'
import type { Passwords } from './passwords.ts'
import { endSessions } from './sessions.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

export type ChangePasswordDeps = VerbDeps & { passwords: Passwords; throttle: LoginThrottle }

/**
 * A person's own password; ends all their other sessions. Errors: `bad-credentials` when the present one is wrong,
 * `too-many-requests` after several of those, so that a session left open is no place to guess the password.
 */
export const changePassword = defineVerb({
  name: 'session.change-password',
  permission: 'session',
  input: z.strictObject({ ...CALLS.changePassword.body.shape, sessionSecretHash: z.string() }),
  async prepare({ deps, actor, at }: Omit<VerbContext<ChangePasswordDeps>, 'tx'>, input) {
    const user = await deps.records
      .selectFrom('user_account')
      .select(['password_hash'])
      .where('id', '=', actor.id)
      .executeTakeFirst()
    // Counted by person and not by name and address: the owner can still sign in while this waits.
    const attempt = { name: `change-password ${actor.id}`, remoteAddress: `session of ${actor.id}`, at }
    const waitMs = deps.throttle.admit(attempt)
    if (waitMs > 0)
      throw new ProblemError('too-many-requests', 'Too many wrong passwords', { retryAfterS: Math.ceil(waitMs / 1000) })
    const right = await deps.passwords.verify(user?.password_hash ?? null, input.current).catch(error => {
      deps.throttle.withdrawn(attempt)
      throw error
    })
    if (!right || user === undefined) throw new ProblemError('bad-credentials', 'The present password is wrong')
    deps.throttle.succeeded(attempt)
    return { before: user.password_hash, after: await deps.passwords.hash(input.next) }
  },
  async run({ tx, actor }, input, passwordHash) {
    const changed = await tx
      .updateTable('user_account')
      .set({ password_hash: passwordHash.after })
      .where('id', '=', actor.id)
      .where('password_hash', '=', passwordHash.before)
      .where('disabled_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (changed === undefined) throw new ProblemError('bad-credentials', 'The password was changed in the meantime')
    await endSessions(tx, actor.id, input.sessionSecretHash)
    return { userId: actor.id }
  },
  audit: (_input, result) => ({ subject: result.userId, detail: {} }),
  committed: (deps, _input, result) => deps.changes.append({ kind: 'access', userId: result.userId }),
})
