import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

/** Works from the next request on. Errors: `not-found`; `wrong-state` when it was revoked before. */
export const revokeApiToken = defineVerb({
  name: 'api-token.revoke',
  permission: 'tokens:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    const token = await tx.selectFrom('api_token').select('revoked_at').where('id', '=', input.id).executeTakeFirst()
    if (token === undefined) throw new ProblemError('not-found', 'There is no such API token')
    if (token.revoked_at !== null) throw new ProblemError('wrong-state', 'This API token was revoked before')
    await tx.updateTable('api_token').set({ revoked_at: at }).where('id', '=', input.id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
