import { z } from 'zod'
import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { placeColumns, refuseWrongPlace, requireDataset, requireJob } from './job-input.ts'

/** From now on its reports count, also those that came before. Errors: `not-found`, `wrong-state`, `bad-request`. */
export const acceptBackupJob = defineVerb({
  name: 'backup-job.accept',
  permission: 'inventory:write',
  input: z.strictObject({ id: recordId, ...BACKUP_CALLS.acceptBackupJob.body.shape }),
  async run({ tx, actor, at }, input) {
    const job = await requireJob(tx, input.id)
    if (job.state !== 'waiting') throw new ProblemError('wrong-state', `This job does not wait: it is ${job.state}`)
    await requireDataset(tx, job.dataset_id)
    await refuseWrongPlace(tx, input, at)
    await tx
      .updateTable('backup_job')
      .set({ ...placeColumns(input), state: 'accepted', accepted_at: at, accepted_by: actor.id })
      .where('id', '=', job.id)
      .execute()
    return { datasetId: job.dataset_id, agentId: job.agent_id, name: job.name }
  },
  audit: ({ id, place, siteId }, job) => ({ subject: id, detail: { ...job, place, siteId } }),
  committed: (deps, _input, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
