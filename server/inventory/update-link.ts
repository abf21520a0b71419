import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { AssignmentBook } from './assignments.ts'
import { linkColumns, requireEnds } from './link-rows.ts'
import { keepPing } from './ping-probe.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found` for the link or what it names. */
export const updateLink = defineVerb({
  name: 'link.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateLink.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, input) {
    await requireKept(tx, 'link', input.id)
    await requireEnds(tx, input)
    const before = await tx.selectFrom('link').select('address').where('id', '=', input.id).executeTakeFirstOrThrow()
    await tx.updateTable('link').set(linkColumns(input)).where('id', '=', input.id).execute()
    // A ping that somebody wrote down for a link without an address stays.
    if (before.address !== input.address) await keepPing(tx, input.id, input.address, at)
    return { id: input.id }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  committed: (deps, input) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id: input.id })
  },
})
