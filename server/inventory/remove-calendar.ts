import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireKept } from './place-queries.ts'

/** Links that were removed keep their figures by it. Errors: `not-found`; `wrong-state` while links are owed by it. */
export const removeCalendar = defineVerb({
  name: 'calendar.remove',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, { id }) {
    await requireKept(tx, 'service_calendar', id)
    const links = await tx
      .selectFrom('link')
      .select('name')
      .where('calendar_id', '=', id)
      .where('removed_at', 'is', null)
      .orderBy('name')
      .execute()
    if (links.length > 0) {
      const names = links.slice(0, 3).map(row => row.name)
      throw new ProblemError('wrong-state', `${links.length} links are still owed by it: ${names.join(', ')}`)
    }
    await tx.updateTable('service_calendar').set({ removed_at: at }).where('id', '=', id).execute()
    return {}
  },
  audit: input => ({ subject: input.id, detail: {} }),
})
