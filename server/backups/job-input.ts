// What the verbs on jobs have in common: what they refuse.
import type { BackupSchedule } from '../../protocol/backup-views.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { JobRow } from './read-known.ts'
import { problemOfSchedule } from './schedule.ts'

/** Errors: `not-found`. */
export async function requireDataset(tx: RecordsTransaction, datasetId: string): Promise<void> {
  const row = await tx
    .selectFrom('register_version')
    .select('id')
    .where('record_id', '=', datasetId)
    .where('kind', '=', 'dataset')
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'No data set with this id is registered')
}

/** Errors: `not-found` for a site that is not there, `bad-request` for a schedule that nobody can keep. */
export async function refuseWrongPlace(
  tx: RecordsTransaction,
  input: { siteId: string | null; schedule: BackupSchedule | null },
  at: number,
): Promise<void> {
  if (input.siteId !== null) {
    const site = await tx
      .selectFrom('site')
      .select('id')
      .where('id', '=', input.siteId)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (site === undefined) throw new ProblemError('not-found', 'There is no site with this id')
  }
  const problem = input.schedule === null ? null : problemOfSchedule(input.schedule, at)
  if (problem !== null) throw new ProblemError('bad-request', `schedule: ${problem}`)
}

/** Errors: `not-found`. */
export async function requireJob(tx: RecordsTransaction, id: string): Promise<JobRow> {
  const row = await tx.selectFrom('backup_job').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no backup job with this id')
  return row
}

/** Errors: `name-taken`. One data set has one job of a name for each agent, and one for all that ping. */
export async function refuseTakenName(
  tx: RecordsTransaction,
  { datasetId, agentId, name }: { datasetId: string; agentId: string | null; name: string },
): Promise<void> {
  const row = await tx
    .selectFrom('backup_job')
    .select('state')
    .where('dataset_id', '=', datasetId)
    .where('agent_id', agentId === null ? 'is' : '=', agentId)
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) return
  throw new ProblemError('name-taken', `This data set has a job of this name already; its state is ${row.state}`)
}

export function placeColumns(input: {
  title: string
  place: JobRow['place']
  siteId: string | null
  schedule: BackupSchedule | null
  graceMs: number
}) {
  return {
    ...{ title: input.title, place: input.place, site_id: input.siteId, grace_ms: input.graceMs },
    schedule: input.schedule === null ? null : JSON.stringify(input.schedule),
  }
}
