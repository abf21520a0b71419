import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { freeSlug } from './free-slug.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found` for an agency that is not there. */
export const createSite = defineVerb({
  name: 'site.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createSite.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'agency', input.agencyId)
    const id = newId(at)
    await tx
      .insertInto('site')
      .values({
        ...{ id, slug: await freeSlug(tx, input.name, 'site'), name: input.name, kind: input.kind },
        ...{ agency_id: input.agencyId, address: input.address, created_at: at, removed_at: null },
        power_feed: input.powerFeed,
        ...{ latitude: input.coordinates?.latitude ?? null, longitude: input.coordinates?.longitude ?? null },
      })
      .execute()
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
})
