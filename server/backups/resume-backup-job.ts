import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { requireJob } from './job-input.ts'

/** It goes on as what it was: accepted, or still waiting for a person. Errors: `not-found`, `wrong-state`. */
export const resumeBackupJob = defineVerb({
  name: 'backup-job.resume',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...BACKUP_CALLS.resumeBackupJob.body.shape }),
  async run({ tx }, { id }) {
    const job = await requireJob(tx, id)
    if (job.state !== 'ended') throw new ProblemError('wrong-state', 'This job has not ended')
    const state = job.accepted_at === null ? ('waiting' as const) : ('accepted' as const)
    await tx
      .updateTable('backup_job')
      .set({ state, ended_at: null, ended_by: null, ended_reason: null })
      .where('id', '=', id)
      .execute()
    return { datasetId: job.dataset_id, state }
  },
  audit: ({ id, reason }, { state }) => ({ subject: id, detail: { reason, state } }),
  committed: (deps, _input, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
