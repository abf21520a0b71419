import type { BackupClassView } from '../../protocol/backup-views.ts'
import { backupLimits } from '../../protocol/backup-views.ts'
import { URGENCIES } from '../../protocol/backup-words.ts'
import { namesOfUsers } from '../access/user-queries.ts'
import type { Records } from '../stores/records/records.ts'
import { PROPOSED_LIMITS } from './limits.ts'

/** Each urgency class as it stands, with what stood before. */
export async function listClasses(records: Records): Promise<BackupClassView[]> {
  const rows = await records.selectFrom('backup_class').selectAll().orderBy('entered_at', 'desc').execute()
  const names = await namesOfUsers(
    records,
    rows.map(row => row.entered_by),
  )
  return URGENCIES.map(urgency => {
    const versions = rows
      .filter(row => row.urgency === urgency)
      .map(row => ({
        limits: backupLimits.parse(JSON.parse(row.limits)),
        setBy: names.get(row.entered_by) ?? row.entered_by,
        ...{ from: row.entered_at, until: row.ended_at, reason: row.reason },
      }))
    const standing = versions.find(({ until }) => until === null)
    return {
      urgency,
      limits: standing?.limits ?? PROPOSED_LIMITS[urgency],
      ...{ setBy: standing?.setBy ?? null, setAt: standing?.from ?? null, reason: standing?.reason ?? null },
      earlier: versions.flatMap(({ until, ...version }) => (until === null ? [] : [{ ...version, until }])),
    }
  })
}
