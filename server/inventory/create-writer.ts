import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { hashSecret, newId, newSecret } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'

/** The key is answered this once; the records keep its hash. Errors: `name-taken`. */
export const createWriter = defineVerb({
  name: 'writer.create',
  permission: 'agents:write',
  input: z.strictObject({ ...CALLS.createWriter.body.shape }),
  async run({ tx, actor, at }: VerbContext<VerbDeps>, input) {
    const { name, intervalMs, maxHosts } = input
    const taken = await tx
      .selectFrom('writer')
      .select('id')
      .where('name', '=', name)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    if (taken !== undefined) throw new ProblemError('name-taken', `There is a writer called ${name}`)
    const key = newSecret('pantau_writer')
    const id = newId(at)
    await tx
      .insertInto('writer')
      .values({
        ...{ id, name, key_hash: hashSecret(key), interval_ms: intervalMs, max_hosts: maxHosts },
        ...{ created_at: at, created_by: actor.id, revoked_at: null },
      })
      .execute()
    return { id, key }
  },
  audit: ({ name, intervalMs, maxHosts }, { id }) => ({ subject: id, detail: { name, intervalMs, maxHosts } }),
})
