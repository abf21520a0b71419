import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'

/**
 * What a person knows of an outage: its cause, instead of the measured one, or the provider's number for it. It is kept
 * beside what was measured. Errors: `not-found` for the device or link.
 */
export const remarkOutage = defineVerb({
  name: 'outage.remark',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...CALLS.remarkOutage.body.shape }),
  async run({ tx, actor, at }: VerbContext<VerbDeps>, input) {
    const subject = await tx.selectFrom('subject').select('id').where('id', '=', input.id).executeTakeFirst()
    if (subject === undefined) throw new ProblemError('not-found', 'There is no device or link with this id')
    await tx
      .insertInto('outage_remark')
      .values({
        ...{ id: newId(at), subject_id: input.id, at_ms: input.at, cause: input.cause, reason: input.reason },
        ...{ ticket: input.ticket, noted_at: at, noted_by: actor.id },
      })
      .execute()
    return {}
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  committed: (deps, { id }) => deps.changes.append({ kind: 'topology', id }),
})
