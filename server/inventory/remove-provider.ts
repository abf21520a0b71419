import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found`; `wrong-state` while it carries links. */
export const removeProvider = defineVerb({
  name: 'provider.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, { id }) {
    await requireKept(tx, 'provider', id)
    const links = await tx
      .selectFrom('link')
      .select('name')
      .where('provider_id', '=', id)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute()
    if (links.length > 0) {
      const names = links.slice(0, 3).map(row => row.name)
      throw new ProblemError('wrong-state', `It still carries ${links.length} links: ${names.join(', ')}`)
    }
    await tx.updateTable('provider').set({ removed_at: at }).where('id', '=', id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
