import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { AssignmentBook } from './assignments.ts'
import { readEdges } from './parent-queries.ts'
import { cyclesOf } from './topology.ts'

/**
 * Says through which others a subject is reached. What neighbours told of it is passed over from then on. Errors: `not-found`;
 * `wrong-state` for a ring, which is named.
 */
export const setParents = defineVerb({
  name: 'parents.set',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.setParents.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, { id, parentIds }) {
    const wanted = [...new Set(parentIds)]
    for (const one of [id, ...wanted]) await requireSubject(tx, one)
    const edges = (await readEdges(tx, at)).filter(edge => edge.childId !== id)
    const [ring] = cyclesOf([...edges, ...wanted.map(parentId => ({ childId: id, parentId }))])
    if (ring !== undefined) {
      throw new ProblemError('wrong-state', `That would be a ring: ${(await namesOf(tx, ring)).join(' → ')}`)
    }
    await tx
      .updateTable('parent')
      .set({ until_ms: at })
      .where('child_id', '=', id)
      .where('until_ms', 'is', null)
      .execute()
    for (const parentId of wanted) {
      await tx
        .insertInto('parent')
        .values({ child_id: id, parent_id: parentId, source: 'person', from_ms: at, until_ms: null })
        .onConflict(conflict =>
          conflict.columns(['child_id', 'parent_id', 'from_ms']).doUpdateSet({ source: 'person', until_ms: null }),
        )
        .execute()
    }
    await tx
      .insertInto('parents_said')
      .values({ child_id: id, at_ms: at })
      .onConflict(conflict => conflict.column('child_id').doUpdateSet({ at_ms: at }))
      .execute()
    return {}
  },
  audit: ({ id, parentIds }) => ({ subject: id, detail: { parentIds } }),
  committed: (deps, { id }) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id })
  },
})

async function requireSubject(tx: RecordsTransaction, id: string): Promise<void> {
  const row = await tx
    .selectFrom('subject')
    .select('id')
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', `There is no device or link with the id ${id}`)
}

async function namesOf(tx: RecordsTransaction, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.selectFrom('subject').select(['id', 'name']).where('id', 'in', ids).execute()
  const [first] = ids
  return [...ids, ...(first === undefined ? [] : [first])].map(id => rows.find(row => row.id === id)?.name ?? id)
}
