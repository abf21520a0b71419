import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found` for the site or its agency. */
export const updateSite = defineVerb({
  name: 'site.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateSite.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'site', input.id)
    await requireKept(tx, 'agency', input.agencyId)
    await tx
      .updateTable('site')
      .set({
        ...{ name: input.name, kind: input.kind, agency_id: input.agencyId, address: input.address },
        power_feed: input.powerFeed,
        ...{ latitude: input.coordinates?.latitude ?? null, longitude: input.coordinates?.longitude ?? null },
      })
      .where('id', '=', input.id)
      .execute()
    return { id: input.id }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  // What hangs on one feeder fails together.
  committed: (deps, { id }) => deps.changes.append({ kind: 'topology', id }),
})
