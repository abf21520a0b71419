import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AssignmentBook } from './assignments.ts'

/** Its figures stay. Errors: `not-found`. */
export const removeProbe = defineVerb({
  name: 'probe.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, { id }) {
    const row = await tx
      .updateTable('probe')
      .set({ removed_at: at })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning('subject_id')
      .executeTakeFirst()
    if (row === undefined) throw new ProblemError('not-found', 'There is no probe with this id')
    return { subjectId: row.subject_id }
  },
  audit: (input, { subjectId }) => ({ subject: input.id, detail: { subjectId } }),
  committed: (deps, _input, { subjectId }) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id: subjectId })
  },
})
