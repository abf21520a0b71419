import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'

/** Forgets a credential with its secrets. Errors: `not-found`, `wrong-state` while a device is read with it. */
export const removeCredential = defineVerb({
  name: 'credential.remove',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx, at }: VerbContext<VerbDeps>, { id }) {
    const user = await tx
      .selectFrom('polled_device')
      .innerJoin('device', 'device.id', 'polled_device.device_id')
      .select('device.name')
      .where('credential_id', '=', id)
      .where('device.removed_at', 'is', null)
      .executeTakeFirst()
    if (user !== undefined) throw new ProblemError('wrong-state', `${user.name} is read with this credential`)
    const removed = await tx
      .updateTable('credential')
      .set({ removed_at: at, sealed: '' })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (removed.numUpdatedRows === 0n) throw new ProblemError('not-found', 'There is no credential with this id')
    return {}
  },
  audit: ({ id }) => ({ subject: id, detail: {} }),
})
