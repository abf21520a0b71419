import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { freeSlug } from './free-slug.ts'

export const createProvider = defineVerb({
  name: 'provider.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createProvider.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps>, { name, contact }) {
    const id = newId(at)
    const slug = await freeSlug(tx, name, 'provider')
    await tx.insertInto('provider').values({ id, slug, name, contact, created_at: at, removed_at: null }).execute()
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
})
