import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { freeSlug } from './free-slug.ts'

export const createAgency = defineVerb({
  name: 'agency.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createAgency.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    const id = newId(at)
    await tx
      .insertInto('agency')
      .values({
        ...{ id, slug: await freeSlug(tx, input.shortName, 'agency'), name: input.name, short_name: input.shortName },
        ...{ kind: input.kind, independent_decree: input.independentDecree, created_at: at, removed_at: null },
      })
      .execute()
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
})
