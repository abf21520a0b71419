import { z } from 'zod'
import { REGISTER_CALLS } from '../../protocol/register-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { endVersion, requireStanding } from './write-record.ts'

/** What was entered stays to be seen, but counts no more. Errors: `not-found`, `wrong-state`. */
export const withdrawRegisterRecord = defineVerb({
  name: 'register.withdraw',
  permission: 'registers:write',
  input: z.strictObject({ id: recordId, ...REGISTER_CALLS.withdrawRegisterRecord.body.shape }),
  async run({ tx, actor, at }, { id, reason }) {
    const standing = await requireStanding(tx, id)
    await endVersion(tx, standing, { at, actorId: actor.id }, reason)
    return { register: standing.kind }
  },
  audit: ({ id, reason }, { register }) => ({ subject: id, detail: { register, reason } }),
  committed: (deps, { id }, { register }) => deps.changes.append({ kind: 'register', id, register }),
})
