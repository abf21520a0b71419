import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { defineVerb } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { placeColumns, refuseTakenName, refuseWrongPlace, requireDataset } from './job-input.ts'

/** A job of an agent, made ahead: its first report counts at once. Errors: `not-found`, `name-taken`, `bad-request`. */
export const createBackupJob = defineVerb({
  name: 'backup-job.create',
  permission: 'inventory:write',
  input: BACKUP_CALLS.createBackupJob.body,
  async run({ tx, actor, at }, input) {
    const { datasetId, agentId, name } = input
    await requireDataset(tx, datasetId)
    await refuseWrongPlace(tx, input, at)
    await refuseTakenName(tx, { datasetId, agentId, name })
    const agent = await tx.selectFrom('agent').select('id').where('id', '=', agentId).executeTakeFirst()
    if (agent === undefined) throw new ProblemError('not-found', 'There is no agent with this id')
    const id = newId(at)
    await tx
      .insertInto('backup_job')
      .values({
        ...{ id, dataset_id: datasetId, agent_id: agentId, name, tool: 'command', state: 'accepted' },
        ...placeColumns(input),
        ...{ token_hash: null, created_at: at, created_by: actor.id, accepted_at: at, accepted_by: actor.id },
        ...{ ended_at: null, ended_by: null, ended_reason: null, first_told_at: null, last_told_at: null },
      })
      .execute()
    return { id }
  },
  audit: ({ datasetId, agentId, name, place, siteId }, { id }) => ({
    subject: id,
    detail: { datasetId, agentId, name, place, siteId },
  }),
  committed: (deps, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
