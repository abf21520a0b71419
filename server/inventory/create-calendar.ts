import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'

export const createCalendar = defineVerb({
  name: 'calendar.create',
  permission: 'inventory:write',
  input: z.strictObject({ ...CALLS.createCalendar.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps>, { name, definition }) {
    const id = newId(at)
    await tx
      .insertInto('service_calendar')
      .values({ id, name, definition: JSON.stringify(definition), created_at: at, removed_at: null })
      .execute()
    return { id }
  },
  audit: (input, { id }) => ({ subject: id, detail: { ...input } }),
})
