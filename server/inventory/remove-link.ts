import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { AssignmentBook } from './assignments.ts'
import { requireKept } from './place-queries.ts'

/** Its probes end and nobody is reached through it any more; what was seen of it stays. Errors: `not-found`. */
export const removeLink = defineVerb({
  name: 'link.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, { id }) {
    await requireKept(tx, 'link', id)
    await tx.updateTable('link').set({ removed_at: at }).where('id', '=', id).execute()
    await tx
      .updateTable('probe')
      .set({ removed_at: at })
      .where('subject_id', '=', id)
      .where('removed_at', 'is', null)
      .execute()
    await tx
      .updateTable('parent')
      .set({ until_ms: at })
      .where(eb => eb.or([eb('child_id', '=', id), eb('parent_id', '=', id)]))
      .where('until_ms', 'is', null)
      .execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
  committed: (deps, input) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id: input.id })
  },
})
