// Stage one: what incidents wrote into the outbox becomes one delivery a channel.
import { incidentSummary } from '../../protocol/incident-views.ts'
import { newId } from '../platform/ids.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { route } from './route.ts'

type OutboxRow = { id: string; at: number; event: 'opened' | 'resolved'; incident_id: string; incident: string }

const ROWS_A_PASS = 500

export type RouteDeps = { records: Records; changes: ChangeFeed; log: Logger }

/**
 * Routes what waits, in the order in which it happened ('opened' before 'resolved' of the same moment). Each row stands
 * in a transaction of its own; the pair (outbox row, channel) is unique, so that routing twice makes no second delivery.
 */
export async function routeOutbox(deps: RouteDeps, now: number): Promise<{ routed: number; more: boolean }> {
  const rows = await deps.records
    .selectFrom('outbox')
    .select(['id', 'at', 'event', 'incident_id', 'incident'])
    .where('routed_at', 'is', null)
    .orderBy('at')
    .orderBy('event')
    .orderBy('id')
    .limit(ROWS_A_PASS)
    .execute()
  for (const row of rows) {
    const result = await deps.records.transaction().execute(tx => routeRow(tx, row, now))
    if (result.kind === 'unreadable') {
      deps.log.error({ outboxId: row.id, incidentId: row.incident_id }, 'Notice in the outbox cannot be read')
      continue
    }
    if (result.channels === 0)
      deps.log.warn({ incidentId: row.incident_id, event: row.event }, 'No channel is to be told of this incident')
    deps.changes.append({ kind: 'incident', id: row.incident_id, subjectId: result.subjectId })
  }
  return { routed: rows.length, more: rows.length === ROWS_A_PASS }
}

type Routed = { kind: 'unreadable' } | { kind: 'routed'; channels: number; subjectId: string }

async function routeRow(tx: RecordsTransaction, row: OutboxRow, now: number): Promise<Routed> {
  await tx.updateTable('outbox').set({ routed_at: now }).where('id', '=', row.id).execute()
  const incident = readIncident(row.incident)
  if (incident === null) return { kind: 'unreadable' }
  const channels = await tx.selectFrom('channel').selectAll().where('removed_at', 'is', null).execute()
  const opened = await tx
    .selectFrom('delivery')
    .select(['id', 'channel_id', 'state', 'attempts'])
    .where('incident_id', '=', row.incident_id)
    .where('event', '=', 'opened')
    .execute()
  const decision = route(
    { event: row.event, at: row.at, openedAt: incident.openedAt, severity: incident.severity },
    channels.map(({ id, enabled, minimum_severity }) => ({
      id,
      enabled: enabled === 1,
      minimumSeverity: minimum_severity,
    })),
    opened.map(({ id, channel_id, state, attempts }) => ({ id, channelId: channel_id, state, attempts })),
  )
  for (const { deliveryId, reason } of decision.drop)
    await tx
      .updateTable('delivery')
      .set({ state: 'dropped', settled_at: now, error: reason })
      .where('id', '=', deliveryId)
      .execute()
  for (const { channelId, state, nextAt, reason } of decision.create)
    await tx
      .insertInto('delivery')
      .values({
        id: newId(now),
        outbox_id: row.id,
        incident_id: row.incident_id,
        event: row.event,
        channel_id: channelId,
        channel_name: channels.find(channel => channel.id === channelId)?.name ?? '',
        state,
        attempts: 0,
        created_at: now,
        next_at: nextAt,
        settled_at: state === 'dropped' ? now : null,
        error: reason,
        attempted_at: null,
        digest_id: null,
        remaining: null,
      })
      .onConflict(conflict => conflict.columns(['outbox_id', 'channel_id']).doNothing())
      .execute()
  return { kind: 'routed', channels: decision.create.length, subjectId: incident.subject.id }
}

function readIncident(text: string) {
  try {
    return incidentSummary.parse(JSON.parse(text))
  } catch {
    return null
  }
}
