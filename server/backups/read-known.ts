// Reads what was told of accepted jobs, as it was known at a moment. Many jobs share a question, and others have their turn
// between two.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Selectable, sql } from 'kysely'
import { backupSchedule } from '../../protocol/backup-views.ts'
import type { RunPurpose } from '../../protocol/backup-words.ts'
import { restoreProof } from '../../protocol/backups.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'
import { type DatasetStatus, datasetStatusOf } from './dataset-status.ts'
import type { KnownCopy, KnownJob, KnownRun, KnownSighting } from './known.ts'
import { type Registered, readRegistered } from './read-datasets.ts'

export type JobRow = Selectable<Tables['backup_job']>
type RunRow = Selectable<Tables['backup_run']>
type SightingRow = Selectable<Tables['backup_sighting']>
type CopyRow = Selectable<Tables['backup_copy']>

const JOBS_TOGETHER = 100
const RUNS = 30
const COPIES = 100
/** Of checks and restore tests: the newest, and before it the newest that went well. */
const TESTS = 10

/** All data sets, or only one, each with its status. */
export async function readStatuses(
  records: Records,
  at: number,
  datasetId?: string,
): Promise<Registered & { statuses: DatasetStatus[] }> {
  const registered = await readRegistered(records, at)
  const asked = registered.datasets.filter(({ id }) => datasetId === undefined || id === datasetId)
  const jobs = Map.groupBy(await readKnownJobs(records, at, datasetId), job => job.datasetId)
  return { ...registered, statuses: asked.map(dataset => datasetStatusOf(dataset, jobs.get(dataset.id) ?? [], at)) }
}

export async function readKnownJobs(records: Records, at: number, datasetId?: string): Promise<KnownJob[]> {
  const rows = await records
    .selectFrom('backup_job')
    .selectAll()
    .where('accepted_at', '<=', at)
    .where('place', 'is not', null)
    .where(eb => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', at)]))
    .$if(datasetId !== undefined, query => query.where('dataset_id', '=', datasetId ?? ''))
    .orderBy('name')
    .orderBy('id')
    .execute()
  const known: KnownJob[] = []
  for (let from = 0; from < rows.length; from += JOBS_TOGETHER) {
    if (from > 0) await nextTurn()
    known.push(...(await readTogether(records, rows.slice(from, from + JOBS_TOGETHER), at)))
  }
  return known
}

async function readTogether(records: Records, rows: readonly JobRow[], at: number): Promise<KnownJob[]> {
  const ids = JSON.stringify(rows.map(({ id }) => id))
  const looks = await newestSightings(records, ids, at, false)
  const whole = await newestSightings(records, ids, at, true)
  const copies = Map.groupBy(await newestCopies(records, ids, at), row => row.job_id)
  const runsOf = async (purpose: RunPurpose, limit: number) =>
    Map.groupBy(await newestRuns(records, ids, { purpose, limit, at }), row => row.job_id)
  const backups = await runsOf('backup', RUNS)
  const verifies = await runsOf('verify', TESTS)
  const restores = await runsOf('restore-test', TESTS)
  return rows.flatMap(row => {
    if (row.place === null || row.accepted_at === null) return []
    const runs = (found: Map<string, RunRow[]>) => (found.get(row.id) ?? []).map(run => runOf(run, at))
    const [backupRuns, verifyRuns, restoreRuns] = [runs(backups), runs(verifies), runs(restores)]
    const look = looks.get(row.id)
    const told = [...backupRuns, ...verifyRuns, ...restoreRuns].map(({ toldAt }) => toldAt)
    return {
      ...{ id: row.id, datasetId: row.dataset_id, name: row.name, tool: row.tool, place: row.place },
      ...{ siteId: row.site_id, schedule: scheduleOf(row), graceMs: row.grace_ms, acceptedAt: row.accepted_at },
      lastToldAt: look === undefined && told.length === 0 ? null : Math.max(look?.told_at ?? 0, ...told),
      newestSighting: sightingOf(look),
      wholeSighting: sightingOf(whole.get(row.id)),
      copies: (copies.get(row.id) ?? []).map(copyOf),
      ...{ backupRuns, verifyRuns, restoreRuns },
    }
  })
}

export function scheduleOf(row: Pick<JobRow, 'schedule'>) {
  return row.schedule === null ? null : backupSchedule.parse(JSON.parse(row.schedule))
}

async function newestSightings(
  records: Records | RecordsTransaction,
  ids: string,
  at: number,
  whole: boolean,
): Promise<Map<string, SightingRow>> {
  const found = await sql<SightingRow>`
    select s.* from json_each(${ids}) job join backup_sighting s on s.rowid = (
      select rowid from backup_sighting
      where job_id = job.value and told_at <= ${at} and (${whole ? 0 : 1} or trouble is null)
      order by at desc limit 1)`.execute(records)
  return new Map(found.rows.map(row => [row.job_id, row]))
}

async function newestCopies(records: Records, ids: string, at: number): Promise<CopyRow[]> {
  const found = await sql<CopyRow>`
    select c.* from json_each(${ids}) job join backup_copy c on c.rowid in (
      select rowid from backup_copy
      where job_id = job.value and first_seen_at <= ${at} and (gone_at is null or gone_at > ${at})
      order by taken_at desc limit ${COPIES})
    order by c.job_id, c.taken_at desc`.execute(records)
  return found.rows
}

/** What a clock that runs ahead dates is left out: nobody knows when it was. */
async function newestRuns(
  records: Records,
  ids: string,
  { purpose, limit, at }: { purpose: RunPurpose; limit: number; at: number },
): Promise<RunRow[]> {
  const found = await sql<RunRow>`
    select r.* from json_each(${ids}) job join backup_run r on r.rowid in (
      select rowid from backup_run
      where job_id = job.value and purpose = ${purpose} and told_at <= ${at} and clock_ahead = 0
      order by started_at desc limit ${limit})
    order by r.job_id, r.started_at desc, r.told_at desc`.execute(records)
  return found.rows
}

function sightingOf(row: SightingRow | undefined): KnownSighting | null {
  if (row === undefined) return null
  return {
    ...{ at: row.at, toldAt: row.told_at, trouble: row.trouble, detail: row.detail, copyCount: row.copy_count },
    ...{ oldestAt: row.oldest_at, verifiedAt: row.verified_at },
  }
}

function copyOf(row: CopyRow): KnownCopy {
  return {
    ...{ copyId: row.copy_id, takenAt: row.taken_at, bytes: row.bytes, tookMs: row.took_ms, trouble: row.trouble },
    ...{ firstSeenAt: row.first_seen_at, lastSeenAt: row.last_seen_at },
  }
}

/** An end that was told later than the moment that is asked for was not known then. */
function runOf(row: RunRow, at: number): KnownRun {
  const begun = { id: row.id, startedAt: row.started_at, toldAt: row.told_at }
  if (row.end_told_at === null || row.end_told_at > at) {
    return {
      ...begun,
      ...{ endedAt: null, outcome: 'running', trouble: null, exitCode: null, detail: '', bytes: null, proof: null },
    }
  }
  return {
    ...begun,
    ...{ endedAt: row.ended_at, outcome: row.outcome, trouble: row.trouble, exitCode: row.exit_code },
    ...{ detail: row.detail, bytes: row.bytes, toldAt: row.end_told_at },
    proof: row.proof === null ? null : restoreProof.parse(JSON.parse(row.proof)),
  }
}
