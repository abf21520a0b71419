import { pruneBackups } from '../backups/prune.ts'
import type { Records } from '../stores/records/records.ts'

export const KEPT_MS = 400 * 86_400_000

/** Removes notices settled more than 400 days before `now` (UTC ms); what still waits is never removed. */
export async function pruneNotices(records: Records, now: number): Promise<{ deliveries: number; outbox: number }> {
  const before = now - KEPT_MS
  return records.transaction().execute(async tx => {
    const deliveries = await tx
      .deleteFrom('delivery')
      .where('state', '!=', 'pending')
      .where('settled_at', '<', before)
      .executeTakeFirst()
    const outbox = await tx
      .deleteFrom('outbox')
      .where('routed_at', '<', before)
      .where('id', 'not in', tx.selectFrom('delivery').select('outbox_id'))
      .executeTakeFirst()
    return { deliveries: Number(deliveries.numDeletedRows), outbox: Number(outbox.numDeletedRows) }
  })
}

/** What the rooms below keep for a time only goes with it. */
export async function pruneOld(records: Records, at: number): Promise<void> {
  await pruneNotices(records, at)
  await pruneBackups(records, at)
}
