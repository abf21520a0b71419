// Incidents as duties ask for them: when they began, when they were on record, and when the office that must know was told.
import type { Records } from '../../stores/records/records.ts'
import { NOTICE_RULES } from './reminders.ts'
import { CITY_ID, type DutyIncident, type DutyPorts } from './snapshot.ts'

const SEARCHED_MS = 62 * 86_400_000

/**
 * Of an agency those on what is its own; of the city all. An incident is its own ticket from the moment it opens. It is
 * reported once a notice of it went out to Diskominfo's people, or one of them took it, whichever was first.
 */
export async function readIncidents(records: Records, at: number): Promise<DutyPorts['incidents']> {
  const rows = await records
    .selectFrom('incident')
    .leftJoin('device', 'device.id', 'incident.subject_id')
    .leftJoin('link', 'link.id', 'incident.subject_id')
    .leftJoin('site', 'site.id', 'incident.subject_id')
    .leftJoin('subject', join =>
      join.onRef('subject.id', '=', 'incident.subject_id').on('subject.kind', '=', 'service'),
    )
    .select(['incident.id', 'incident.number', 'incident.severity', 'incident.subject_id'])
    .select(['incident.opened_at', 'incident.acknowledged_at'])
    .select(eb =>
      eb.fn.coalesce('device.agency_id', 'link.agency_id', 'site.agency_id', 'subject.agency_id').as('agency_id'),
    )
    .where('incident.opened_at', '>', at - SEARCHED_MS)
    .where('incident.opened_at', '<=', at)
    // A disruption is what an operational rule found; a duty that is not kept is none, nor is a notice.
    .where('incident.kind', '=', 'fault')
    .where('incident.rule_id', 'not in', NOTICE_RULES)
    .execute()
  const sent = await records
    .selectFrom('delivery')
    .select(['incident_id', eb => eb.fn.min('settled_at').as('sent_at')])
    .where('event', '=', 'opened')
    .where('state', '=', 'sent')
    .where('settled_at', '>', at - SEARCHED_MS)
    .where('settled_at', '<=', at)
    .groupBy('incident_id')
    .execute()
  const sentAt = new Map(sent.map(row => [row.incident_id, row.sent_at]))
  const byAgency = new Map<string, (DutyIncident & { openedAt: number })[]>()
  for (const row of rows) {
    const told = [sentAt.get(row.id) ?? null, row.acknowledged_at].filter(moment => moment !== null && moment <= at)
    const incident = {
      ...{ number: row.number, openedAt: row.opened_at, ticketAt: row.opened_at, severity: row.severity },
      reportedAt: told.length === 0 ? null : Math.min(...told.filter(moment => moment !== null)),
    }
    for (const owner of new Set([CITY_ID, row.agency_id ?? row.subject_id])) {
      byAgency.set(owner, [...(byAgency.get(owner) ?? []), incident])
    }
  }
  return (id, window) =>
    (byAgency.get(id) ?? []).filter(({ openedAt }) => openedAt >= window.from && openedAt < window.to)
}
