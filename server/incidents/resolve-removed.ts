import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { resolveIncidentRow } from './apply.ts'

/** Ends what is still open of servers that were taken off the wall: no rule judges them any more. */
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
  for (const incident of orphans) {
    await resolveIncidentRow(tx, incident, {
      at,
      measured: null,
      actorId: COLLECTOR.id,
      note: 'The server was removed',
    })
    await appendAudit(tx, {
      at,
      actor: COLLECTOR,
      action: 'incident.clear',
      subject: incident.id,
      detail: { reason: 'server removed' },
    })
  }
  return orphans.map(incident => ({ id: incident.id, subjectId: incident.subject_id }))
}
