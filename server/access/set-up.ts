import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { userActor } from './actor.ts'
import type { Passwords } from './passwords.ts'
import { createSession } from './sessions.ts'
import { administratorExists, isSetUpLink, removeSetUpLink } from './setup-link.ts'
import type { SignedIn } from './sign-in.ts'
import { insertUser } from './user-queries.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

export type SetUpDeps = VerbDeps & { passwords: Passwords }

/**
 * Makes the first administrator and signs them in. Of two at once one wins, the other gets `already-set-up`. Errors
 * besides: `bad-credentials` for a link that is wrong, used or too old; `name-taken`.
 */
export const setUp = defineVerb({
  name: 'user.set-up',
  permission: 'credentials',
  input: z.strictObject({ ...CALLS.setUp.body.shape }),
  async prepare({ deps, at }: Omit<VerbContext<SetUpDeps>, 'tx'>, input) {
    // The link is looked at first: a stranger without it shall not make the collector hash passwords.
    await requireLink(deps.records, input.link, at)
    return { passwordHash: await deps.passwords.hash(input.password) }
  },
  async run({ tx, at }, input, { passwordHash }): Promise<SignedIn> {
    await requireLink(tx, input.link, at)
    await removeSetUpLink(tx)
    const { id, name, displayName, role } = await insertUser(tx, {
      id: newId(at),
      name: input.name,
      displayName: input.displayName,
      role: 'admin',
      passwordHash,
      at,
      lastLoginAt: at,
    })
    const user = { id, name, displayName, role }
    return { user, sessionSecret: await createSession(tx, { user, at }) }
  },
  audit: (_input, { user }) => ({ subject: user.id, detail: { role: user.role }, actor: userActor(user) }),
})

async function requireLink(records: Records | RecordsTransaction, secret: string, at: number): Promise<void> {
  if (await administratorExists(records)) throw new ProblemError('already-set-up')
  if (!(await isSetUpLink(records, secret, at)))
    throw new ProblemError('bad-credentials', 'This link is not valid: each start of the collector prints a new one')
}
