import { z } from 'zod'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { hashSecret, newSecret } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { PING_SECRET } from './create-ping-job.ts'
import { requireJob } from './job-input.ts'

/** Errors: `not-found`, `wrong-state` for a job of an agent. */
export const renewPingToken = defineVerb({
  name: 'backup-job.renew-token',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId }),
  async run({ tx }: VerbContext<VerbDeps & { pings: { forgetTokens(): void } }>, { id }) {
    const job = await requireJob(tx, id)
    if (job.agent_id !== null)
      throw new ProblemError('wrong-state', 'This job is told of by an agent and pings nothing')
    const token = newSecret(PING_SECRET)
    await tx
      .updateTable('backup_job')
      .set({ token_hash: hashSecret(token) })
      .where('id', '=', id)
      .execute()
    return { id, token }
  },
  audit: ({ id }) => ({ subject: id, detail: {} }),
  committed: deps => deps.pings.forgetTokens(),
})
