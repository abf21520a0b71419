import { BACKUP_CALLS } from '../../protocol/backup-calls.ts'
import { defineVerb } from '../access/verb.ts'
import { hashSecret, newId, newSecret } from '../platform/ids.ts'
import { placeColumns, refuseTakenName, refuseWrongPlace, requireDataset } from './job-input.ts'

export const PING_SECRET = 'pantau_ping'

/** A job that calls an address of its own when it has run. Errors: `not-found`, `name-taken`, `bad-request`. */
export const createPingJob = defineVerb({
  name: 'backup-job.create-ping',
  permission: 'inventory:write',
  input: BACKUP_CALLS.createPingJob.body,
  async run({ tx, actor, at }, input) {
    const { datasetId, name } = input
    await requireDataset(tx, datasetId)
    await refuseWrongPlace(tx, input, at)
    await refuseTakenName(tx, { datasetId, agentId: null, name })
    const id = newId(at)
    const token = newSecret(PING_SECRET)
    await tx
      .insertInto('backup_job')
      .values({
        ...{ id, dataset_id: datasetId, agent_id: null, name, tool: 'ping', state: 'accepted' },
        ...placeColumns(input),
        ...{ token_hash: hashSecret(token), created_at: at, created_by: actor.id, accepted_at: at },
        ...{ accepted_by: actor.id, ended_at: null, ended_by: null, ended_reason: null },
        ...{ first_told_at: null, last_told_at: null },
      })
      .execute()
    return { id, token }
  },
  audit: ({ datasetId, name, place, siteId, schedule }, { id }) => ({
    subject: id,
    detail: { datasetId, name, place, siteId, schedule },
  }),
  committed: (deps, { datasetId }) => deps.changes.append({ kind: 'backup', datasetId }),
})
