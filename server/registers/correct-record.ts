import { z } from 'zod'
import { REGISTER_CALLS } from '../../protocol/register-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { requireRegisterKind } from './kinds/registry.ts'
import { contentOf, differences } from './record-rows.ts'
import { refuseWrongContent, replaceVersion, requireStanding } from './write-record.ts'

/** A correction that changes nothing leaves the version that stands. Errors: `not-found`, `wrong-state`. */
export const correctRegisterRecord = defineVerb({
  name: 'register.correct',
  permission: 'registers:write',
  input: z.strictObject({ id: recordId, ...REGISTER_CALLS.correctRegisterRecord.body.shape }),
  async run({ tx, actor, at }, { id, ...input }) {
    const standing = await requireStanding(tx, id)
    await refuseWrongContent(tx, requireRegisterKind(standing.kind), input)
    const changed = differences(contentOf(standing), input)
    if (changed.length > 0) await replaceVersion(tx, standing, input, { at, actorId: actor.id, source: 'page' })
    return { register: standing.kind, changed }
  },
  audit: ({ id }, result) => ({ subject: id, detail: result }),
  committed: (deps, { id }, { register }) => deps.changes.append({ kind: 'register', id, register }),
})
