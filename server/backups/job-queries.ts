// Jobs as the pages see them, whatever their state; those that were accepted with how they stand.
import type { BackupJobView } from '../../protocol/backup-views.ts'
import type { BackupJobState } from '../../protocol/backup-words.ts'
import { namesOfUsers } from '../access/user-queries.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import { type DatasetStatus, worstOf } from './dataset-status.ts'
import type { JobStatus } from './job-status.ts'
import { type JobRow, readStatuses, scheduleOf } from './read-known.ts'

type Filter = { state?: BackupJobState | undefined; datasetId?: string | undefined; id?: string | undefined }

/** Those that wait first, then by name. */
export async function listJobs(records: Records, at: number, filter: Filter): Promise<BackupJobView[]> {
  const { statuses } = await readStatuses(records, at, filter.datasetId)
  return await jobViews(records, statuses, filter)
}

/** Errors: `not-found`. */
export async function readJob(records: Records, at: number, id: string): Promise<BackupJobView> {
  const row = await records.selectFrom('backup_job').select('dataset_id').where('id', '=', id).executeTakeFirst()
  const [job] = row === undefined ? [] : await listJobs(records, at, { datasetId: row.dataset_id, id })
  if (job === undefined) throw new ProblemError('not-found', 'There is no backup job with this id')
  return job
}

const ORDER: readonly BackupJobState[] = ['waiting', 'accepted', 'ended']

export async function jobViews(
  records: Records,
  statuses: readonly DatasetStatus[],
  filter: Filter,
): Promise<BackupJobView[]> {
  const { state, datasetId, id } = filter
  const rows = await records
    .selectFrom('backup_job')
    .leftJoin('agent', 'agent.id', 'backup_job.agent_id')
    .leftJoin('device', 'device.id', 'agent.device_id')
    .leftJoin('site', 'site.id', 'backup_job.site_id')
    .selectAll('backup_job')
    .select(['device.name as agent_name', 'site.name as site_name'])
    .$if(state !== undefined, query => query.where('backup_job.state', '=', state ?? 'waiting'))
    .$if(datasetId !== undefined, query => query.where('backup_job.dataset_id', '=', datasetId ?? ''))
    .$if(id !== undefined, query => query.where('backup_job.id', '=', id ?? ''))
    .orderBy('backup_job.name')
    .orderBy('backup_job.id')
    .execute()
  const names = await namesOfUsers(
    records,
    rows.flatMap(row => [row.created_by, row.accepted_by ?? '', row.ended_by ?? '']),
  )
  const datasets = new Map(statuses.map(({ dataset }) => [dataset.id, dataset.name]))
  const jobs = new Map(statuses.flatMap(one => one.jobs.map(job => [job.job.id, job] as const)))
  const views = rows.map(row => viewOf(row, { names, datasets, status: jobs.get(row.id) }))
  return views.sort((left, right) => ORDER.indexOf(left.state) - ORDER.indexOf(right.state))
}

function viewOf(
  row: JobRow & { agent_name: string | null; site_name: string | null },
  known: { names: Map<string, string>; datasets: Map<string, string>; status: JobStatus | undefined },
): BackupJobView {
  const { names, status } = known
  const dataset = known.datasets.get(row.dataset_id)
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? id))
  return {
    ...{ id: row.id, datasetId: row.dataset_id, name: row.name, title: row.title, tool: row.tool, state: row.state },
    dataset: dataset === undefined ? null : { id: row.dataset_id, name: dataset },
    agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? row.agent_id },
    site: row.site_id === null ? null : { id: row.site_id, name: row.site_name ?? row.site_id },
    ...{ place: row.place, schedule: scheduleOf(row), graceMs: row.grace_ms, dueAt: status?.dueAt ?? null },
    createdBy: row.created_by === row.agent_id ? (row.agent_name ?? row.created_by) : (nameOf(row.created_by) ?? ''),
    ...{ createdAt: row.created_at, acceptedAt: row.accepted_at, acceptedBy: nameOf(row.accepted_by) },
    ...{ endedAt: row.ended_at, endedBy: nameOf(row.ended_by), endedReason: row.ended_reason },
    ...{ firstToldAt: row.first_told_at, lastToldAt: row.last_told_at },
    verdict: verdictOf(status),
    findings: status?.findings ?? [],
    lastGoodAt: status?.lastGood?.takenAt ?? null,
  }
}

/** What counts for nothing is not measured either. */
function verdictOf(status: JobStatus | undefined): BackupJobView['verdict'] {
  if (status === undefined) return 'unmeasured'
  return worstOf([status.lastGood === null ? 'unmeasured' : 'met', ...status.findings.map(({ verdict }) => verdict)])
}
