import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'

/**
 * The second person's word on maintenance that was declared afterwards. Errors: `not-found`; `wrong-state` when nobody waits
 * for it; `forbidden` to the one who declared it, and to a token, which is nobody.
 */
export const decideMaintenance = defineVerb({
  name: 'maintenance.decide',
  permission: 'incidents:write',
  input: z.strictObject({ id: recordId, ...CALLS.decideMaintenance.body.shape }),
  async run({ tx, actor, at }: VerbContext<VerbDeps>, { id, decision }) {
    const row = await tx.selectFrom('maintenance').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new ProblemError('not-found', 'There is no maintenance with this id')
    if (row.state !== 'waiting') throw new ProblemError('wrong-state', `This maintenance is ${row.state} already`)
    if (actor.kind !== 'user') throw new ProblemError('forbidden', 'Only a signed-in person can approve, not a token')
    if (row.declared_by === actor.id) {
      throw new ProblemError('forbidden', 'Another person than the one who declared it must decide')
    }
    await tx
      .updateTable('maintenance')
      .set({ state: decision, decided_at: at, decided_by: actor.id })
      .where('id', '=', id)
      .execute()
    return {}
  },
  audit: ({ id, decision, note }) => ({ subject: id, detail: { decision, note } }),
  committed: (deps, { id }) => deps.changes.append({ kind: 'topology', id }),
})
