import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'

/**
 * Ends it now: what was planned until here stays planned, the rest is not. Errors: `not-found`; `wrong-state` when it is over
 * already.
 */
export const endMaintenance = defineVerb({
  name: 'maintenance.end',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, { id }) {
    const row = await tx.selectFrom('maintenance').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new ProblemError('not-found', 'There is no maintenance with this id')
    if (row.ended_at !== null || (row.until_ms !== null && row.until_ms <= at)) {
      throw new ProblemError('wrong-state', 'This maintenance is over already')
    }
    await tx.updateTable('maintenance').set({ ended_at: at }).where('id', '=', id).execute()
    return {}
  },
  audit: ({ id }) => ({ subject: id, detail: {} }),
  committed: (deps, { id }) => deps.changes.append({ kind: 'topology', id }),
})
