import { z } from 'zod'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

/** Ends the session that asks. Other open pages of it learn of it through the change feed. */
export const signOut = defineVerb({
  name: 'session.sign-out',
  permission: 'session',
  input: z.strictObject({ sessionSecretHash: z.string() }),
  async run({ tx, actor }: VerbContext<VerbDeps>, input) {
    await tx
      .deleteFrom('session')
      .where('secret_hash', '=', input.sessionSecretHash)
      .where('user_id', '=', actor.id)
      .execute()
    return { userId: actor.id }
  },
  audit: (_input, result) => ({ subject: result.userId, detail: {} }),
  committed: (deps, _input, result) => deps.changes.append({ kind: 'access', userId: result.userId }),
})
