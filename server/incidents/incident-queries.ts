import type { Selectable } from 'kysely'
import { byUrgency } from '../../protocol/incident-order.ts'
import type { IncidentSummary, IncidentView } from '../../protocol/incident-views.ts'
import { bilingual } from '../../protocol/shapes.ts'
import type { IncidentState } from '../../protocol/vocabulary.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Tables } from '../stores/records/schema.ts'

export type IncidentRow = Selectable<Tables['incident']>

export type IncidentFilter = {
  state?: IncidentState | 'active' | undefined
  subject?: string | undefined
  /** Only numbers below this one: the next page. */
  before?: number | undefined
  limit: number
}

/** Newest first. */
export async function listIncidents(records: Records, filter: IncidentFilter): Promise<IncidentSummary[]> {
  let query = joined(records).orderBy('incident.number', 'desc').limit(filter.limit)
  if (filter.state === 'active') query = query.where('incident.active_key', 'is not', null)
  else if (filter.state !== undefined) query = query.where('incident.state', '=', filter.state)
  if (filter.subject !== undefined) query = query.where('incident.subject_id', '=', filter.subject)
  if (filter.before !== undefined) query = query.where('incident.number', '<', filter.before)
  return (await query.execute()).map(summaryOf)
}

/** All that people still work on, worst and newest first. */
export async function listActiveIncidents(records: Records): Promise<IncidentSummary[]> {
  const rows = await joined(records).where('incident.active_key', 'is not', null).execute()
  return rows.map(summaryOf).sort(byUrgency)
}

/** Errors: `not-found`. */
export async function readSummary(records: Records | RecordsTransaction, id: string): Promise<IncidentSummary> {
  const row = await joined(records).where('incident.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no incident with this id')
  return summaryOf(row)
}

/** Timeline of one incident, oldest first, with the names of those who acted. */
export async function readTimeline(records: Records, id: string): Promise<IncidentView['timeline']> {
  const rows = await records
    .selectFrom('incident_event')
    .leftJoin('user_account', 'user_account.id', 'incident_event.by_actor')
    .select([
      'incident_event.at',
      'incident_event.kind',
      'incident_event.by_actor',
      'incident_event.note',
      'incident_event.value',
      'incident_event.evidence_id',
      'user_account.display_name',
    ])
    .where('incident_event.incident_id', '=', id)
    .orderBy('incident_event.at')
    .orderBy('incident_event.id')
    .execute()
  return rows.map(row => ({
    at: row.at,
    kind: row.kind,
    by: row.display_name ?? row.by_actor,
    note: row.note,
    value: row.value,
    evidenceId: row.evidence_id,
  }))
}

/** The row itself, for the verbs. Errors: `not-found`. */
export async function readIncidentRow(tx: RecordsTransaction, id: string): Promise<IncidentRow> {
  const row = await tx.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no incident with this id')
  return row
}

function joined(records: Records | RecordsTransaction) {
  return (
    records
      .selectFrom('incident')
      // Not by the view of devices and links: it would be read whole for each incident.
      .leftJoin('device', 'device.id', 'incident.subject_id')
      .leftJoin('link', 'link.id', 'incident.subject_id')
      .leftJoin('agency', 'agency.id', 'incident.subject_id')
      .leftJoin('site', 'site.id', 'incident.subject_id')
      // Services, applications and data sets are records of their registers.
      .leftJoin('register_version', join =>
        join
          .onRef('register_version.record_id', '=', 'incident.subject_id')
          // The version that stands, or with which it was withdrawn: one of each record.
          .on(eb =>
            eb.or([
              eb('register_version.ended_at', 'is', null),
              eb('register_version.withdrawn_reason', 'is not', null),
            ]),
          ),
      )
      .leftJoin('user_account', 'user_account.id', 'incident.acknowledged_by')
      .selectAll('incident')
      .select(eb => [
        // The government as a whole has no row of its own.
        eb.fn
          .coalesce(
            ...(['device.name', 'link.name', 'agency.name', 'site.name'] as const),
            eb.fn.coalesce('register_version.title', eb.val('Pemerintah Daerah')),
          )
          .as('subject_name'),
        eb
          .case()
          .when('device.id', 'is not', null)
          .then(eb.ref('device.kind').$castTo<string>())
          .when('link.id', 'is not', null)
          .then('link')
          .when('agency.id', 'is not', null)
          .then('agency')
          .when('site.id', 'is not', null)
          .then('site')
          .when('register_version.id', 'is not', null)
          .then(eb.ref('register_version.kind').$castTo<string>())
          .else('city')
          .end()
          .as('subject_kind'),
        'user_account.display_name as acknowledged_by_name',
      ])
  )
}

function summaryOf(
  row: IncidentRow & { subject_name: string; subject_kind: string; acknowledged_by_name: string | null },
): IncidentSummary {
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    severity: row.severity,
    kind: row.kind,
    ruleId: row.rule_id,
    title: bilingual.parse(JSON.parse(row.title)),
    subject: { id: row.subject_id, name: row.subject_name, kind: row.subject_kind },
    part: row.part,
    openedAt: row.opened_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by_name ?? row.acknowledged_by,
    resolvedAt: row.resolved_at,
    value: row.value,
    threshold: row.threshold,
    unit: row.unit,
    cutOff: row.cut_off,
  }
}
