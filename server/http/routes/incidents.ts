import type { IncidentView } from '../../../protocol/incident-views.ts'
import { acknowledgeIncident } from '../../incidents/acknowledge.ts'
import { noteIncident } from '../../incidents/add-note.ts'
import { listIncidents, readSummary, readTimeline } from '../../incidents/incident-queries.ts'
import { resolveIncident } from '../../incidents/resolve.ts'
import { noticesOfIncident } from '../../notify/delivery-queries.ts'
import { type Route, type RouteContext, readRoute, verbRoute } from '../route.ts'
import type { Services } from '../services.ts'

export const incidentRoutes: readonly Route[] = [
  readRoute('incidents', async ({ records }, { query }) => ({ incidents: await listIncidents(records, query) })),
  readRoute('incident', readIncident),
  verbRoute('acknowledgeIncident', acknowledgeIncident, readIncident),
  verbRoute('noteIncident', noteIncident, readIncident),
  verbRoute('resolveIncident', resolveIncident, readIncident),
]

async function readIncident({ records }: Services, { params }: RouteContext): Promise<IncidentView> {
  const id = params.id ?? ''
  const incident = await readSummary(records, id)
  return { incident, timeline: await readTimeline(records, id), notices: await noticesOfIncident(records, id) }
}
