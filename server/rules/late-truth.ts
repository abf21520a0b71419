import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import { clip, totalMs } from '../availability/intervals.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/**
 * A server that was silent speaks again and brings what it had spooled: of the time that was shown as `unknown` it is
 * now known whether it was up or down. The record was corrected by the samples themselves; here the correction is told.
 */
export async function recordLateTruth(
  tx: RecordsTransaction,
  silence: { subjectId: string; silentSince: number; at: number },
): Promise<void> {
  const window = { from: silence.silentSince, to: silence.at }
  const rows = await tx
    .selectFrom('state_interval')
    .selectAll()
    .where('subject_id', '=', silence.subjectId)
    .where('to_ms', '>', window.from)
    .where('from_ms', '<', window.to)
    .execute()
  const known = (state: 'up' | 'down') =>
    totalMs(
      clip(
        rows.filter(row => row.state === state).map(row => ({ from: row.from_ms, to: row.to_ms })),
        window,
      ),
    )
  const upMs = known('up')
  const downMs = known('down')
  if (upMs + downMs === 0) return
  await appendAudit(tx, {
    at: silence.at,
    actor: COLLECTOR,
    action: 'state.correct',
    subject: silence.subjectId,
    detail: { ...window, was: 'unknown', upMs, downMs },
  })
}
