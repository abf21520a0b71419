import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/**
 * Says whose a device is, where it stands, or both. What is not named stays: of two answers given one right after the
 * other, none may take the other back. Errors: `not-found` for the device, the agency or the site.
 */
export const placeDevice = defineVerb({
  name: 'device.place',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.placeDevice.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, input) {
    const { id, agencyId, siteId } = input
    await requireKept(tx, 'device', id)
    await requireKept(tx, 'agency', agencyId ?? null)
    await requireKept(tx, 'site', siteId ?? null)
    // A column that is undefined is left out of the statement; one statement without columns would be none.
    if (agencyId !== undefined || siteId !== undefined)
      await tx.updateTable('device').set({ agency_id: agencyId, site_id: siteId }).where('id', '=', id).execute()
    return {}
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  committed: (deps, input) => deps.changes.append({ kind: 'server', id: input.id }),
})
