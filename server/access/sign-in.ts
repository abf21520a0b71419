import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import type { Logger } from '../platform/logs.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { userActor } from './actor.ts'
import type { Attempt, LoginThrottle } from './login-throttle.ts'
import type { Passwords } from './passwords.ts'
import { createSession, type SessionUser } from './sessions.ts'
import type { SignInFailures } from './sign-in-failures.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

export type SignInDeps = VerbDeps & {
  passwords: Passwords
  throttle: LoginThrottle
  failures: SignInFailures
  log: Logger
}

/** `sessionSecret` goes into the cookie and nowhere else. */
export type SignedIn = { user: SessionUser; sessionSecret: string }

/** Names that no account can have share one place, so that they take no memory in the throttle. */
const POSSIBLE_NAME = CALLS.createUser.body.shape.name

/** Errors: `bad-credentials` (the same for unknown, disabled and wrong), `too-many-requests` with Retry-After. */
export const signIn = defineVerb({
  name: 'session.sign-in',
  permission: 'credentials',
  input: z.strictObject({ ...CALLS.signIn.body.shape, remoteAddress: z.string().max(100) }),
  async prepare({ deps, at }: Omit<VerbContext<SignInDeps>, 'tx'>, input) {
    const typed = POSSIBLE_NAME.safeParse(input.name.trim().toLowerCase())
    const name = typed.success ? typed.data : ''
    const user = await deps.records
      .selectFrom('user_account')
      .select(['id', 'password_hash', 'disabled_at'])
      .where('name', '=', name)
      .executeTakeFirst()
    const userId = user?.id ?? null
    const attempt = { name, remoteAddress: input.remoteAddress, at }
    const waitMs = deps.throttle.admit(attempt)
    if (waitMs > 0) {
      deps.failures.count({ userId, kind: 'throttled', at })
      throw new ProblemError('too-many-requests', 'Too many wrong passwords', { retryAfterS: Math.ceil(waitMs / 1000) })
    }
    const right = await verifyOrWithdraw(deps, attempt, user?.password_hash ?? null, input.password)
    if (!right || user === undefined || user.disabled_at !== null) {
      deps.failures.count({ userId, kind: 'wrong', at })
      deps.log.warn({ userId, remoteAddress: input.remoteAddress }, 'Sign-in failed')
      throw new ProblemError('bad-credentials')
    }
    deps.throttle.succeeded(attempt)
    return { userId: user.id, passwordHash: user.password_hash }
  },
  async run({ tx, at }, _input, proven): Promise<SignedIn> {
    // While the password was hashed the account may have been disabled or given a new password.
    const user = await tx
      .updateTable('user_account')
      .set({ last_login_at: at })
      .where('id', '=', proven.userId)
      .where('password_hash', '=', proven.passwordHash)
      .where('disabled_at', 'is', null)
      .returning(['id', 'name', 'display_name as displayName', 'role'])
      .executeTakeFirst()
    if (user === undefined) throw new ProblemError('bad-credentials')
    return { user, sessionSecret: await createSession(tx, { user, at }) }
  },
  audit: (_input, { user }) => ({ subject: user.id, detail: {}, actor: userActor(user) }),
})

async function verifyOrWithdraw(
  deps: SignInDeps,
  attempt: Attempt,
  passwordHash: string | null,
  password: string,
): Promise<boolean> {
  try {
    return await deps.passwords.verify(passwordHash, password)
  } catch (error) {
    deps.throttle.withdrawn(attempt)
    throw error
  }
}
