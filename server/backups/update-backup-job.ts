import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { placeColumns, refuseWrongPlace, requireJob } from './job-input.ts'

/** Errors: `not-found`, `bad-request`, `wrong-state` for a job that nobody has accepted. */
export const updateBackupJob = defineVerb({
  name: 'backup-job.update',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...BACKUP_CALLS.updateBackupJob.body.shape }),
  async run({ tx, at }, input) {
    const job = await requireJob(tx, input.id)
    if (job.state !== 'accepted')
      throw new ProblemError('wrong-state', `This job is ${job.state}: only an accepted one can be changed`)
    await refuseWrongPlace(tx, input, at)
    await tx.updateTable('backup_job').set(placeColumns(input)).where('id', '=', job.id).execute()
    return { datasetId: job.dataset_id }
  },
  audit: ({ id, title, place, siteId, schedule, graceMs }) => ({
    subject: id,
    detail: { title, place, siteId, schedule, graceMs },
  }),
  committed: (deps, _input, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
