import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireJob } from './job-input.ts'

/** Its reports count no more, its history stays. Errors: `not-found`, `wrong-state` for one that has ended. */
export const endBackupJob = defineVerb({
  name: 'backup-job.end',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...BACKUP_CALLS.endBackupJob.body.shape }),
  async run({ tx, actor, at }, { id, reason }) {
    const job = await requireJob(tx, id)
    if (job.state === 'ended') throw new ProblemError('wrong-state', 'This job has ended already')
    await tx
      .updateTable('backup_job')
      .set({ state: 'ended', ended_at: at, ended_by: actor.id, ended_reason: reason })
      .where('id', '=', id)
      .execute()
    return { datasetId: job.dataset_id, was: job.state }
  },
  audit: ({ id, reason }, { was }) => ({ subject: id, detail: { reason, was } }),
  committed: (deps, _input, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
