import type { IncidentView } from '../../protocol/incident-views.ts'
import type { Records } from '../stores/records/records.ts'

/** What became of the notices of one incident, channel by channel, oldest first. */
export async function noticesOfIncident(records: Records, incidentId: string): Promise<IncidentView['notices']> {
  const rows = await records
    .selectFrom('delivery')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    channel: row.channel_name,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    at: row.settled_at ?? row.attempted_at ?? row.created_at,
    error: row.error,
  }))
}
