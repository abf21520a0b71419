import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found`. */
export const updateProvider = defineVerb({
  name: 'provider.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateProvider.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, { id, name, contact }) {
    await requireKept(tx, 'provider', id)
    await tx.updateTable('provider').set({ name, contact }).where('id', '=', id).execute()
    return { id }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
})
