import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/** Figures of the past follow the new hours. Errors: `not-found`. */
export const updateCalendar = defineVerb({
  name: 'calendar.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateCalendar.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, { id, name, definition }) {
    await requireKept(tx, 'service_calendar', id)
    await tx
      .updateTable('service_calendar')
      .set({ name, definition: JSON.stringify(definition) })
      .where('id', '=', id)
      .execute()
    return { id }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
})
