// What was told of backups is kept for years, but not each look at a place of the last year.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { RUN_PURPOSES } from '../../protocol/backup-words.ts'
import type { Records } from '../stores/records/records.ts'

const KEPT_MS = 800 * 86_400_000
/** Of runs of one purpose, and of looks; the newest that went well stays whatever came after it. */
const KEPT_ROWS = 1_000

/** Removes what is older or more than that, job by job. */
export async function pruneBackups(records: Records, at: number, keptRows = KEPT_ROWS): Promise<void> {
  const jobs = await records.selectFrom('backup_job').select('id').execute()
  for (const { id } of jobs) {
    await nextTurn()
    for (const purpose of RUN_PURPOSES) await pruneRuns(records, id, purpose, { at, keptRows })
    await pruneSightings(records, id, { at, keptRows })
    await records
      .deleteFrom('backup_copy')
      .where('job_id', '=', id)
      .where('gone_at', '<', at - KEPT_MS)
      .execute()
  }
}

type Bounds = { at: number; keptRows: number }

async function pruneRuns(records: Records, jobId: string, purpose: (typeof RUN_PURPOSES)[number], bounds: Bounds) {
  const runs = records.selectFrom('backup_run').where('job_id', '=', jobId).where('purpose', '=', purpose)
  const newest = runs.orderBy('started_at', 'desc')
  const last = await newest.select('started_at').offset(bounds.keptRows).limit(1).executeTakeFirst()
  const good = await newest.select('id').where('outcome', '=', 'good').limit(1).executeTakeFirst()
  await records
    .deleteFrom('backup_run')
    .where('job_id', '=', jobId)
    .where('purpose', '=', purpose)
    .where('started_at', '<=', Math.max(bounds.at - KEPT_MS, last?.started_at ?? 0))
    .where('id', '!=', good?.id ?? '')
    .execute()
}

async function pruneSightings(records: Records, jobId: string, bounds: Bounds) {
  const newest = records.selectFrom('backup_sighting').where('job_id', '=', jobId).orderBy('at', 'desc')
  const last = await newest.select('at').offset(bounds.keptRows).limit(1).executeTakeFirst()
  const whole = await newest.select('id').where('trouble', 'is', null).limit(1).executeTakeFirst()
  await records
    .deleteFrom('backup_sighting')
    .where('job_id', '=', jobId)
    .where('at', '<=', Math.max(bounds.at - KEPT_MS, last?.at ?? 0))
    .where('id', '!=', whole?.id ?? '')
    .execute()
}
