// Keeps pings before they are answered. What comes while the disk works shares the next transaction: ten thousand jobs that
// end at the top of the minute cost a few dozen of them.
import { sql } from 'kysely'
import { newId } from '../platform/ids.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { foldPings, type Ping, type PingedRun } from './fold-pings.ts'

export type PingWriter = {
  /** Resolves when the ping is on the disk. Rejects when it could not be written: then the job must call again. */
  add(ping: Ping): Promise<void>
}

/** So many a transaction: it holds up the main thread for some milliseconds. */
const PINGS_TOGETHER = 500

type Waiting = { ping: Ping; resolve: () => void; reject: (error: unknown) => void }

export function createPingWriter(deps: { records: Records; changes: ChangeFeed }): PingWriter {
  const { records, changes } = deps
  let waiting: Waiting[] = []
  let working = false

  async function work(): Promise<void> {
    working = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, PINGS_TOGETHER)
      waiting = waiting.slice(PINGS_TOGETHER)
      try {
        const pings = group.map(({ ping }) => ping)
        await records.transaction().execute(tx => writePings(tx, pings))
        for (const { resolve } of group) resolve()
        changes.append({ kind: 'backup', datasetId: '' })
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    working = false
  }

  return {
    add: ping =>
      new Promise((resolve, reject) => {
        waiting.push({ ping, resolve, reject })
        if (!working) void work()
      }),
  }
}

async function writePings(tx: RecordsTransaction, pings: readonly Ping[]): Promise<void> {
  const jobIds = [...new Set(pings.map(({ jobId }) => jobId))]
  const begun = await readRunning(tx, jobIds)
  const runs = foldPings(begun, pings, () => newId(pings[0]?.at ?? 0))
  await sql`
    insert into backup_run (job_id, id, purpose, started_at, ended_at, outcome, trouble, exit_code, detail, bytes, files,
      proof, clock_ahead, told_at, end_told_at)
    select value ->> 'jobId', value ->> 'id', 'backup', value ->> 'startedAt', value ->> 'endedAt', value ->> 'outcome',
      value ->> 'trouble', value ->> 'exitCode', value ->> 'detail', null, null, null, 0, value ->> 'toldAt',
      value ->> 'endToldAt'
    from json_each(${JSON.stringify(runs)}) where true
    on conflict (job_id, id) do update set ended_at = excluded.ended_at, outcome = excluded.outcome,
      trouble = excluded.trouble, exit_code = excluded.exit_code, detail = excluded.detail,
      end_told_at = excluded.end_told_at`.execute(tx)
  const at = Math.max(...pings.map(ping => ping.at))
  await sql`
    update backup_job set first_told_at = coalesce(first_told_at, ${at}), last_told_at = ${at}
    where id in (select value from json_each(${JSON.stringify(jobIds)}))`.execute(tx)
}

/** Of each job the run that began last and has not ended. */
async function readRunning(tx: RecordsTransaction, jobIds: readonly string[]): Promise<Map<string, PingedRun>> {
  const found = await sql<{ job_id: string; id: string; started_at: number; detail: string; told_at: number }>`
    select r.job_id, r.id, r.started_at, r.detail, r.told_at
    from json_each(${JSON.stringify(jobIds)}) job join backup_run r on r.rowid = (
      select rowid from backup_run where job_id = job.value and purpose = 'backup' and outcome = 'running'
      order by started_at desc limit 1)`.execute(tx)
  return new Map(
    found.rows.map(row => [
      row.job_id,
      {
        ...{ jobId: row.job_id, id: row.id, startedAt: row.started_at, endedAt: null, outcome: 'running' },
        ...{ trouble: null, exitCode: null, detail: row.detail, toldAt: row.told_at, endToldAt: null },
      },
    ]),
  )
}
