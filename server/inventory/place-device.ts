import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { requireKept } from './place-queries.ts'

/** Says whose a device is and where it stands. Errors: `not-found` for the device, the agency or the site. */
export const placeDevice = defineVerb({
  name: 'device.place',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...CALLS.placeDevice.body.shape }),
  async run({ tx }: VerbContext<VerbDeps>, input) {
    await requireKept(tx, 'device', input.id)
    await requireKept(tx, 'agency', input.agencyId)
    await requireKept(tx, 'site', input.siteId)
    await tx
      .updateTable('device')
      .set({ agency_id: input.agencyId, site_id: input.siteId })
      .where('id', '=', input.id)
      .execute()
    return {}
  },
  audit: ({ id, ...values }) => ({ subject: id, detail: values }),
  committed: (deps, input) => deps.changes.append({ kind: 'server', id: input.id }),
})
