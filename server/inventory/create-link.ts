import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import type { AssignmentBook } from './assignments.ts'
import { freeSlug } from './free-slug.ts'
import { linkColumns, requireEnds } from './link-rows.ts'
import { keepPing } from './ping-probe.ts'

/** Errors: `not-found` for an agency, provider, calendar, site or device that is not there. */
export const createLink = defineVerb({
  name: 'link.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createLink.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { assignments: AssignmentBook }>, input) {
    await requireEnds(tx, input)
    const id = newId(at)
    const slug = await freeSlug(tx, input.name, 'link')
    await tx
      .insertInto('link')
      .values({ id, slug, ...linkColumns(input), created_at: at, removed_at: null })
      .execute()
    await keepPing(tx, id, input.address, at)
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
  committed: (deps, _input, { id }) => {
    deps.assignments.changed(null)
    deps.changes.append({ kind: 'topology', id })
  },
})
