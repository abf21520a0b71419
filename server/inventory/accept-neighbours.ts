import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { AssignmentBook } from './assignments.ts'
import { readProposedParents } from './neighbour-queries.ts'

/** Takes what neighbours tell as the topology. Errors: `wrong-state` for what they do not tell, or not any more. */
export const acceptNeighbours = defineVerb({
  name: 'parents.accept',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.acceptNeighbours.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, { edges }) {
    const proposed = new Set((await readProposedParents(tx, at)).map(keyOf))
    if (!edges.every(edge => proposed.has(keyOf(edge)))) {
      throw new ProblemError('wrong-state', 'The neighbours do not say that any more, please look again')
    }
    for (const { childId, parentId } of new Map(edges.map(edge => [keyOf(edge), edge])).values()) {
      await tx
        .insertInto('parent')
        .values({ child_id: childId, parent_id: parentId, source: 'neighbour', from_ms: at, until_ms: null })
        .execute()
    }
    return {}
  },
  audit: ({ edges }) => ({ subject: null, detail: { edges } }),
  committed: (deps, { edges }) => {
    deps.assignments.changed(null)
    for (const id of new Set(edges.map(({ childId }) => childId))) deps.changes.append({ kind: 'topology', id })
  },
})

const keyOf = ({ childId, parentId }: { childId: string; parentId: string }): string => `${childId} ${parentId}`
