import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { resolveIncidentRow } from './apply.ts'

/** Ends what is still open of servers that were taken off the wall and of data sets that were withdrawn: no rule judges them any more. */
export async function resolveIncidentsOfRemoved(
  tx: RecordsTransaction,
  at: number,
): Promise<{ id: string; subjectId: string }[]> {
  const orphans = await tx
    .selectFrom('incident')
    .innerJoin('subject', 'subject.id', 'incident.subject_id')
    .selectAll('incident')
    .where('incident.active_key', 'is not', null)
    .where('subject.removed_at', 'is not', null)
    .execute()
  const withdrawn = await tx
    .selectFrom('incident')
    .selectAll()
    .where('active_key', 'is not', null)
    .where('subject_id', 'in', eb =>
      eb
        .selectFrom('register_version')
        .select('record_id')
        .where('kind', '=', 'dataset')
        .groupBy('record_id')
        .having(group => group(group.fn.count('ended_at'), '=', group.fn.countAll())),
    )
    .execute()
  const removed = [...orphans, ...withdrawn]
  for (const incident of removed) {
    await resolveIncidentRow(tx, incident, {
      at,
      measured: null,
      actorId: COLLECTOR.id,
      note: 'What it is about was removed',
    })
    await appendAudit(tx, {
      at,
      actor: COLLECTOR,
      action: 'incident.clear',
      subject: incident.id,
      detail: { reason: 'subject removed' },
    })
  }
  return removed.map(incident => ({ id: incident.id, subjectId: incident.subject_id }))
}
