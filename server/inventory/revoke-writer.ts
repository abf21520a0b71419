import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import type { WriterKeys } from '../access/writer-keys.ts'
import { ProblemError } from '../platform/problem-error.ts'

/**
 * Revokes the key of a writer at once, and what it brought is told as revoked too: nobody speaks for those hosts now.
 * Errors: `not-found`, `wrong-state`.
 */
export const revokeWriter = defineVerb({
  name: 'writer.revoke',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId, ...CALLS.revokeWriter.body.shape }),
  async run({ tx, at }: VerbContext<VerbDeps & { writerKeys: WriterKeys }>, input) {
    const writer = await tx.selectFrom('writer').select('revoked_at').where('id', '=', input.id).executeTakeFirst()
    if (writer === undefined) throw new ProblemError('not-found', 'There is no writer with this id')
    if (writer.revoked_at !== null) throw new ProblemError('wrong-state', 'This writer is revoked already')
    await tx.updateTable('writer').set({ revoked_at: at }).where('id', '=', input.id).execute()
    const hosts = await tx
      .updateTable('agent')
      .set({ revoked_at: at })
      .where('writer_id', '=', input.id)
      .where('revoked_at', 'is', null)
      .returning('device_id')
      .execute()
    return { deviceIds: hosts.map(host => host.device_id) }
  },
  audit: (input, { deviceIds }) => ({ subject: input.id, detail: { deviceIds } }),
  committed(deps, input, { deviceIds }) {
    deps.writerKeys.forget(input.id)
    for (const id of deviceIds) deps.changes.append({ kind: 'server', id })
  },
})
