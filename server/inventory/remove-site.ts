import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found`; `wrong-state` while devices stand there. */
export const removeSite = defineVerb({
  name: 'site.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'site', input.id)
    const there = await tx
      .selectFrom('device')
      .select('name')
      .where('site_id', '=', input.id)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute()
    if (there.length > 0) {
      const names = there.slice(0, 3).map(row => row.name)
      throw new ProblemError('wrong-state', `${there.length} devices still stand there: ${names.join(', ')}`)
    }
    await tx.updateTable('site').set({ removed_at: at }).where('id', '=', input.id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
