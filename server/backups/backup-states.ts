// Data sets as duties ask for them: null for one that no accepted job looks after, so that its duties are unmeasured.
import type { CopyPlace } from '../../protocol/backup-words.ts'
import type { Records } from '../stores/records/records.ts'
import { readStatuses } from './read-known.ts'

const HOUR_MS = 3_600_000

export type BackupState = {
  lastGoodAt: number | null
  sizeRatio: number | null
  lastRestoredAt: number | null
  /** Places with a good copy that is not too old. */
  copies: { place: CopyPlace; siteId: string | null; country: null }[]
  limits: { maxAgeHours: number; leastSizeRatio: number; restoreTestDays: number }
}

/** As it was known at `at`, by data set. */
export async function readBackupStates(records: Records, at: number): Promise<Map<string, BackupState>> {
  const job = await records
    .selectFrom('backup_job')
    .select('id')
    .where('accepted_at', '<=', at)
    .limit(1)
    .executeTakeFirst()
  if (job === undefined) return new Map()
  const { statuses } = await readStatuses(records, at)
  return new Map(
    statuses
      .filter(({ jobs }) => jobs.length > 0)
      .map(({ dataset, status, jobs }) => {
        const { maxAgeHours, leastSizeRatio, restoreTestDays } = dataset.limits
        const young = jobs.filter(({ lastGood }) => lastGood !== null && at - lastGood.takenAt <= maxAgeHours * HOUR_MS)
        return [
          dataset.id,
          {
            lastGoodAt: status.lastGood?.takenAt ?? null,
            sizeRatio: status.size?.ratio ?? null,
            lastRestoredAt: status.lastRestored?.at ?? null,
            copies: young.map(one => ({ place: one.job.place, siteId: one.job.siteId, country: null })),
            limits: { maxAgeHours, leastSizeRatio, restoreTestDays },
          },
        ]
      }),
  )
}
