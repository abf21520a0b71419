import { REGISTER_CALLS } from '../../protocol/register-calls.ts'
import { defineVerb } from '../access/verb.ts'
import { requireRegisterKind } from './kinds/registry.ts'
import { enterRecord, refuseWrongContent } from './write-record.ts'

/** Enters a record. The audit log says which, not what is in it: that has its own history, and may name people. */
export const createRegisterRecord = defineVerb({
  name: 'register.create',
  permission: 'registers:write',
  input: REGISTER_CALLS.createRegisterRecord.body,
  async run({ tx, actor, at }, { kind: kindName, ...input }) {
    const kind = requireRegisterKind(kindName)
    await refuseWrongContent(tx, kind, input)
    return { recordId: await enterRecord(tx, kind, input, { at, actorId: actor.id, source: 'page' }) }
  },
  audit: (input, { recordId }) => ({ subject: recordId, detail: { register: input.kind, number: input.number } }),
  committed: (deps, { kind }, { recordId }) => deps.changes.append({ kind: 'register', id: recordId, register: kind }),
})
