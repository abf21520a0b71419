import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/** The slug stays: links to an agency outlive its name. Errors: `not-found`. */
export const updateAgency = defineVerb({
  name: 'agency.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateAgency.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'agency', input.id)
    await tx
      .updateTable('agency')
      .set({
        ...{ name: input.name, short_name: input.shortName, kind: input.kind },
        independent_decree: input.independentDecree,
      })
      .where('id', '=', input.id)
      .execute()
    return { id: input.id }
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
})
