import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireKept } from './place-queries.ts'

/** Errors: `not-found`; `wrong-state` while sites or devices are its own. */
export const removeAgency = defineVerb({
  name: 'agency.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'agency', input.id)
    for (const table of ['site', 'device'] as const) {
      const own = await tx
        .selectFrom(table)
        .select('name')
        .where('agency_id', '=', input.id)
        .where('removed_at', 'is', null)
        .orderBy('name')
        .execute()
      if (own.length > 0) {
        const names = own.slice(0, 3).map(row => row.name)
        throw new ProblemError('wrong-state', `${own.length} of kind ${table} still belong to it: ${names.join(', ')}`)
      }
    }
    await tx.updateTable('agency').set({ removed_at: at }).where('id', '=', input.id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
