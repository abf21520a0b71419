import { z } from 'zod'
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import { clip, totalMs } from '../availability/intervals.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

const heartbeatBasis = z.object({ lastSampleAt: z.number().nullable(), silentMs: z.number() })
/** So many verdicts are looked through for the one that judged a silence; the disks of a server may stand between. */
const LOOKED_THROUGH = 50

/**
 * Catching up came as far as the words from after the silence: the whole of it is known now. It began earlier than the last
 * gap that was open; when, says the evidence of the verdict on it.
 */
export async function recordClosedSilence(
  tx: RecordsTransaction,
  closed: { subjectId: string; from: number; to: number; at: number },
): Promise<void> {
  const verdicts = await tx
    .selectFrom('evidence')
    .select('basis')
    .where('subject_id', '=', closed.subjectId)
    .where('verdict', '=', 'unmet')
    .where('at', '<=', closed.to)
    .orderBy('seq', 'desc')
    .limit(LOOKED_THROUGH)
    .execute()
  const judged = verdicts.flatMap(({ basis }) => heartbeatBasis.safeParse(JSON.parse(basis)).data ?? [])[0]
  const silentSince = Math.min(closed.from, judged?.lastSampleAt ?? closed.from)
  await recordLateTruth(tx, { subjectId: closed.subjectId, silentSince, until: closed.to, at: closed.at })
}

/**
 * A server that was silent speaks again and brings what it had spooled: of the time that was shown as `unknown` it is
 * now known whether it was up or down. The record was corrected by the samples themselves; here the correction is told.
 */
export async function recordLateTruth(
  tx: RecordsTransaction,
  silence: { subjectId: string; silentSince: number; until: number; at: number },
): Promise<void> {
  const window = { from: silence.silentSince, to: silence.until }
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
