import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

/** Agents that enrolled by it keep their keys. Errors: `not-found`; `wrong-state` when it was revoked before. */
export const revokeEnrolmentToken = defineVerb({
  name: 'enrolment-token.revoke',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    const token = await tx
      .selectFrom('enrolment_token')
      .select('revoked_at')
      .where('id', '=', input.id)
      .executeTakeFirst()
    if (token === undefined) throw new ProblemError('not-found', 'There is no such enrolment token')
    if (token.revoked_at !== null) throw new ProblemError('wrong-state', 'This enrolment token was revoked before')
    await tx.updateTable('enrolment_token').set({ revoked_at: at }).where('id', '=', input.id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
