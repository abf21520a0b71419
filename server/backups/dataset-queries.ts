// One data set as the pages see it, with its history.
import type {
  BackupCopyView,
  BackupDatasetView,
  BackupRunView,
  BackupSightingView,
} from '../../protocol/backup-views.ts'
import { restoreProof } from '../../protocol/backups.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import { namesOfAgencies } from './agencies.ts'
import { servicesOf } from './coverage.ts'
import { jobViews } from './job-queries.ts'
import { readStatuses } from './read-known.ts'

/** Errors: `not-found`. */
export async function readDataset(records: Records, at: number, id: string): Promise<BackupDatasetView> {
  const { statuses, services, datasets } = await readStatuses(records, at, id)
  const [one] = statuses
  if (one === undefined) throw new ProblemError('not-found', 'No data set with this id is registered')
  const { dataset, status } = one
  const agencies = await namesOfAgencies(records)
  const agency = dataset.agencyId === null ? undefined : agencies.get(dataset.agencyId)
  return {
    ...{ at, id, name: dataset.name, status, limits: dataset.limits },
    agency: agency === undefined ? null : { id: agency.id, name: agency.name },
    ...{ urgency: dataset.urgency, urgencyFrom: dataset.urgencyFrom },
    services: services
      .filter(service => servicesOf(service, datasets).known.some(known => known.id === id))
      .map(service => ({ id: service.id, name: service.name })),
    jobs: await jobViews(records, statuses, { datasetId: id }),
  }
}

type History = { runs: BackupRunView[]; copies: BackupCopyView[]; sightings: BackupSightingView[] }

/** Newest first, of all jobs of the data set, whatever their state: nothing that was told is hidden. */
export async function readHistory(
  records: Records,
  question: { datasetId: string; from: number; to: number; limit: number },
): Promise<History> {
  const { datasetId, from, to, limit } = question
  const jobs = records.selectFrom('backup_job').select('id').where('dataset_id', '=', datasetId)
  const runs = await records
    .selectFrom('backup_run')
    .selectAll()
    .where('job_id', 'in', jobs)
    .where('started_at', '>=', from)
    .where('started_at', '<=', to)
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute()
  const copies = await records
    .selectFrom('backup_copy')
    .selectAll()
    .where('job_id', 'in', jobs)
    .where('taken_at', '>=', from)
    .where('taken_at', '<=', to)
    .orderBy('taken_at', 'desc')
    .limit(limit)
    .execute()
  const sightings = await records
    .selectFrom('backup_sighting')
    .selectAll()
    .where('job_id', 'in', jobs)
    .where('at', '>=', from)
    .where('at', '<=', to)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  return {
    runs: runs.map(row => ({
      ...{ id: row.id, jobId: row.job_id, purpose: row.purpose, startedAt: row.started_at, endedAt: row.ended_at },
      ...{ outcome: row.outcome, trouble: row.trouble, exitCode: row.exit_code, detail: row.detail },
      ...{ bytes: row.bytes, files: row.files, receivedAt: row.told_at, clockAhead: row.clock_ahead === 1 },
      proof: row.proof === null ? null : restoreProof.parse(JSON.parse(row.proof)),
    })),
    copies: copies.map(row => ({
      ...{ jobId: row.job_id, copyId: row.copy_id, takenAt: row.taken_at, bytes: row.bytes, tookMs: row.took_ms },
      ...{ trouble: row.trouble, firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at, goneAt: row.gone_at },
    })),
    sightings: sightings.map(row => ({
      ...{ id: row.id, jobId: row.job_id, at: row.at, tookMs: row.took_ms, trouble: row.trouble, detail: row.detail },
      ...{ copyCount: row.copy_count, oldestAt: row.oldest_at, verifiedAt: row.verified_at },
    })),
  }
}
