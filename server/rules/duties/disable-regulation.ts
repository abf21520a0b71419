import { z } from 'zod'
import { defineVerb } from '../../access/verb.ts'
import { ProblemError } from '../../platform/problem-error.ts'

/** It binds no more from now on; verdicts and evidence of before stay. Errors: `not-found`. */
export const disableRegulation = defineVerb({
  name: 'regulation.disable',
  permission: 'rules:write',
  input: z.strictObject({ pack: z.string().max(100) }),
  async run({ tx, actor, at }, { pack }) {
    const ended = await tx
      .updateTable('enabled_pack')
      .set({ ended_at: at, ended_by: actor.id })
      .where('pack_id', '=', pack)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (ended.numUpdatedRows === 0n) throw new ProblemError('not-found', 'This regulation does not bind the city')
  },
  audit: ({ pack }) => ({ subject: null, detail: { pack } }),
  committed: (deps, { pack }) => deps.changes.append({ kind: 'duty', ruleId: pack }),
})
