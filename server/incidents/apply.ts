import { sql } from 'kysely'
import { COLLECTOR } from '../access/actor.ts'
import { appendAudit } from '../access/audit.ts'
import { newId } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import { step } from './incident-machine.ts'
import { type IncidentRow, readSummary } from './incident-queries.ts'
import { activeKeyOf, type Signal } from './signal.ts'

/**
 * Applies a signal inside the transaction that changed the verdict: incident, timeline, outbox and audit stand or fall
 * with it. The same signal twice changes nothing. Returns the id of the incident that changed, or null.
 */
export async function applySignal(tx: RecordsTransaction, signal: Signal, at: number): Promise<string | null> {
  const active = await tx
    .selectFrom('incident')
    .selectAll()
    .where('active_key', '=', activeKeyOf(signal))
    .executeTakeFirst()
  const next = step(active?.state ?? 'none', signal.kind)
  if (next === null || next.timeline === null) return null
  if (signal.kind === 'raise') return await open(tx, signal, at)
  if (active === undefined) return null
  await resolveIncidentRow(tx, active, { at, actorId: null, note: null, measured: signal })
  await appendAudit(tx, {
    at,
    actor: COLLECTOR,
    action: 'incident.clear',
    subject: active.id,
    detail: { ruleId: signal.ruleId, subjectId: signal.subjectId, part: signal.part, value: signal.value },
  })
  return active.id
}

/**
 * Applies signals in their order. Most only say that what is whole is whole still: one look finds those that end
 * something. Answers the incidents that changed.
 */
export async function applySignals(
  tx: RecordsTransaction,
  signals: readonly Signal[],
  at: number,
): Promise<{ id: string; subjectId: string }[]> {
  const active = await activeOf(tx, signals.map(activeKeyOf))
  const changed: { id: string; subjectId: string }[] = []
  for (const signal of signals) {
    const key = activeKeyOf(signal)
    if (signal.kind === 'raise') active.add(key)
    else if (!active.has(key)) continue
    const id = await applySignal(tx, signal, at)
    if (id !== null) changed.push({ id, subjectId: signal.subjectId })
  }
  return changed
}

async function activeOf(tx: RecordsTransaction, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const found = await sql<{ key: string }>`
    select active_key as key from incident
    where active_key in (select value from json_each(${JSON.stringify(keys)}))`.execute(tx)
  return new Set(found.rows.map(({ key }) => key))
}

async function open(tx: RecordsTransaction, signal: Signal, at: number): Promise<string> {
  const id = newId(at)
  const last = await tx
    .selectFrom('incident')
    .select(eb => eb.fn.max('number').as('number'))
    .executeTakeFirst()
  await tx
    .insertInto('incident')
    .values({
      id,
      number: (last?.number ?? 0) + 1,
      active_key: activeKeyOf(signal),
      state: 'open',
      severity: signal.severity,
      kind: signal.unmetKind,
      rule_id: signal.ruleId,
      title: JSON.stringify(signal.title),
      subject_id: signal.subjectId,
      part: signal.part,
      opened_at: at,
      acknowledged_at: null,
      acknowledged_by: null,
      resolved_at: null,
      value: signal.value,
      threshold: signal.threshold,
      unit: signal.unit,
      cut_off: signal.cutOff ?? 0,
    })
    .execute()
  await appendTimeline(tx, id, { at, kind: 'opened', actorId: null, note: null, measured: signal })
  await tell(tx, id, 'opened', at)
  await appendAudit(tx, {
    at,
    actor: COLLECTOR,
    action: 'incident.open',
    subject: id,
    detail: { ruleId: signal.ruleId, subjectId: signal.subjectId, part: signal.part, value: signal.value },
  })
  return id
}

/** What a rule found, with what it rests on; null where a person acted. */
type Measured = Pick<Signal, 'value' | 'evidenceId'>

/** Ends an incident, by the rule (no actor) or by a person. */
export async function resolveIncidentRow(
  tx: RecordsTransaction,
  incident: IncidentRow,
  end: { at: number; actorId: string | null; note: string | null; measured: Measured | null },
): Promise<void> {
  await tx
    .updateTable('incident')
    .set({ state: 'resolved', resolved_at: end.at, active_key: null, value: end.measured?.value ?? incident.value })
    .where('id', '=', incident.id)
    .execute()
  await appendTimeline(tx, incident.id, { ...end, kind: 'resolved' })
  await tell(tx, incident.id, 'resolved', end.at)
}

export async function appendTimeline(
  tx: RecordsTransaction,
  incidentId: string,
  entry: {
    at: number
    kind: 'opened' | 'acknowledged' | 'note' | 'severity' | 'resolved'
    actorId: string | null
    note: string | null
    measured: Measured | null
  },
): Promise<void> {
  await tx
    .insertInto('incident_event')
    .values({
      id: newId(entry.at),
      incident_id: incidentId,
      at: entry.at,
      kind: entry.kind,
      by_actor: entry.actorId,
      note: entry.note,
      value: entry.measured?.value ?? null,
      evidence_id: entry.measured?.evidenceId ?? null,
    })
    .execute()
}

/** Puts into the outbox what people must learn, as the incident is at this moment. */
async function tell(tx: RecordsTransaction, id: string, event: 'opened' | 'resolved', at: number): Promise<void> {
  const incident = JSON.stringify(await readSummary(tx, id))
  await tx
    .insertInto('outbox')
    .values({ id: newId(at), at, event, incident_id: id, incident, routed_at: null })
    .execute()
}
