// Keeps what an agent tells of backups, in the transaction of its batch. Told twice it counts once. A job that no person
// has accepted is kept and counts for nothing: a stolen key must not turn a data set green.
import { sql } from 'kysely'
import type { BackupReport, BackupRun, BackupSighting } from '../../protocol/backups.ts'
import { newId } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** A clock may be off by this much before what it dates is not believed. */
const AHEAD_MS = 5 * 60_000
/** An agent whose file names ever new jobs fills no disk: who accepts some makes room. */
const WAITING_PER_AGENT = 200

export type TellingAgent = {
  agentId: string
  receivedAt: number
  /** What is added to the agent's own times, because its clock is off by so much. */
  correctedByMs: number
}

/** Answers the data sets of which something new was told. */
export async function recordReports(
  tx: RecordsTransaction,
  reports: readonly BackupReport[],
  agent: TellingAgent,
): Promise<Set<string>> {
  const told = new Set<string>()
  for (const report of reports) {
    const jobId = await jobOf(tx, report, agent)
    if (jobId === null) continue
    const isNew =
      report.report === 'run'
        ? await recordRun(tx, jobId, report, agent)
        : await recordSighting(tx, jobId, report, agent)
    if (!isNew) continue
    await tx
      .updateTable('backup_job')
      .set(eb => ({
        tool: report.tool,
        first_told_at: eb.fn.coalesce('first_told_at', eb.val(agent.receivedAt)),
        last_told_at: agent.receivedAt,
      }))
      .where('id', '=', jobId)
      .execute()
    told.add(report.dataset)
  }
  return told
}

/** The job that the report is of; made, and waiting for a person, where there is none yet. */
async function jobOf(tx: RecordsTransaction, report: BackupReport, { agentId, receivedAt }: TellingAgent) {
  const known = await tx
    .selectFrom('backup_job')
    .select('id')
    .where('dataset_id', '=', report.dataset)
    .where('agent_id', '=', agentId)
    .where('name', '=', report.job)
    .executeTakeFirst()
  if (known !== undefined) return known.id
  const waiting = await tx
    .selectFrom('backup_job')
    .select(eb => eb.fn.countAll<number>().as('jobs'))
    .where('agent_id', '=', agentId)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  if (Number(waiting.jobs) >= WAITING_PER_AGENT) return null
  const id = newId(receivedAt)
  await tx
    .insertInto('backup_job')
    .values({
      ...{ id, dataset_id: report.dataset, agent_id: agentId, name: report.job, title: '', tool: report.tool },
      ...{ state: 'waiting', place: null, site_id: null, schedule: null, grace_ms: 3_600_000, token_hash: null },
      ...{ created_at: receivedAt, created_by: agentId, accepted_at: null, accepted_by: null },
      ...{ ended_at: null, ended_by: null, ended_reason: null, first_told_at: null, last_told_at: null },
    })
    .execute()
  return id
}

async function recordRun(tx: RecordsTransaction, jobId: string, run: BackupRun, agent: TellingAgent): Promise<boolean> {
  const { receivedAt, correctedByMs } = agent
  const startedAt = Math.max(0, run.startedAt + correctedByMs)
  const endedAt = run.endedAt === null ? null : Math.max(startedAt, run.endedAt + correctedByMs)
  const hasEnded = run.outcome !== 'running'
  const ended = {
    ...{ ended_at: endedAt ?? (hasEnded ? receivedAt : null), outcome: run.outcome, trouble: run.trouble },
    ...{ exit_code: run.exitCode, detail: run.detail, bytes: run.bytes, files: run.files },
    proof: run.proof === null ? null : JSON.stringify(run.proof),
    clock_ahead: Math.max(startedAt, endedAt ?? 0) > receivedAt + AHEAD_MS ? 1 : 0,
    end_told_at: hasEnded ? receivedAt : null,
  }
  const row = { job_id: jobId, id: run.id, purpose: run.purpose, started_at: startedAt, told_at: receivedAt, ...ended }
  const result = await tx
    .insertInto('backup_run')
    .values(row)
    // What has ended does not begin again, in whatever order it is told; a beginning told twice is no news.
    .onConflict(conflict =>
      conflict
        .columns(['job_id', 'id'])
        .doUpdateSet(ended)
        .where('backup_run.outcome', '=', 'running')
        .where(eb => eb.val(hasEnded ? 1 : 0), '=', 1),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

async function recordSighting(
  tx: RecordsTransaction,
  jobId: string,
  look: BackupSighting,
  { receivedAt, correctedByMs }: TellingAgent,
): Promise<boolean> {
  // A time that lies ahead proves nothing of now: it is no later than when it was told.
  const corrected = (at: number) => Math.max(0, Math.min(receivedAt, at + correctedByMs))
  const at = corrected(look.at)
  const result = await tx
    .insertInto('backup_sighting')
    .values({
      ...{ job_id: jobId, id: look.id, at, took_ms: look.tookMs, trouble: look.trouble, detail: look.detail },
      ...{ copy_count: look.copyCount, told_at: receivedAt },
      oldest_at: look.oldestAt === null ? null : olderOf(look.oldestAt, correctedByMs),
      verified_at: look.verifiedAt === null ? null : corrected(look.verifiedAt),
    })
    .onConflict(conflict => conflict.columns(['job_id', 'id']).doNothing())
    .executeTakeFirst()
  if ((result.numInsertedOrUpdatedRows ?? 0n) === 0n) return false
  await recordCopies(tx, jobId, look, { at, receivedAt, correctedByMs })
  return true
}

/**
 * A copy has its time from some clock, perhaps of another machine and another day: of the time as told and as corrected the
 * older one is believed, so that no clock makes a copy younger than it is.
 */
function olderOf(takenAt: number, correctedByMs: number): number {
  return Math.max(0, Math.min(takenAt, takenAt + correctedByMs))
}

async function recordCopies(
  tx: RecordsTransaction,
  jobId: string,
  look: BackupSighting,
  { at, receivedAt, correctedByMs }: { at: number; receivedAt: number; correctedByMs: number },
): Promise<void> {
  const rows = look.copies.map(copy => {
    const takenAt = olderOf(copy.takenAt, correctedByMs)
    const trouble = takenAt > receivedAt + AHEAD_MS ? 'clock-ahead' : copy.trouble
    return { copyId: copy.id, takenAt, bytes: copy.bytes, tookMs: copy.tookMs, trouble }
  })
  await sql`
    insert into backup_copy (job_id, copy_id, taken_at, bytes, took_ms, trouble, first_seen_at, last_seen_at, gone_at)
    select ${jobId}, value ->> 'copyId', value ->> 'takenAt', value ->> 'bytes', value ->> 'tookMs', value ->> 'trouble',
      ${at}, ${at}, null
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (job_id, copy_id) do update set
      taken_at = min(taken_at, excluded.taken_at), bytes = excluded.bytes, took_ms = excluded.took_ms,
      trouble = excluded.trouble, last_seen_at = max(last_seen_at, excluded.last_seen_at),
      gone_at = case when excluded.last_seen_at >= last_seen_at then null else gone_at end
    where excluded.last_seen_at >= last_seen_at`.execute(tx)
  if (look.trouble !== null) return
  // Only the newest are told one by one: what is older than all of them may well be there still.
  const oldestTold = look.copies.length < look.copyCount ? Math.min(...rows.map(({ takenAt }) => takenAt)) : 0
  await tx
    .updateTable('backup_copy')
    .set({ gone_at: at })
    .where('job_id', '=', jobId)
    .where('gone_at', 'is', null)
    .where('last_seen_at', '<', at)
    .where('taken_at', '>=', oldestTold)
    .execute()
}
