// Stage four: what came of a message is written down, and whoever looks at its incidents learns it.
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import { givesUp, waitMs } from './back-off.ts'
import type { ChannelMessage } from './due.ts'
import type { DeliveryState } from './route.ts'
import type { Claimed, Outcome } from './send.ts'

export type SettleDeps = { records: Records; changes: ChangeFeed; log: Logger }

export type Settlement = {
  deliveryId: string
  incidentId: string
  state: DeliveryState
  nextAt: number | null
  error: string | null
  /** Only when it changed: who is still to be told. */
  remaining: string[] | null
}

/** Pure: what each delivery of a message becomes. All that wait of one digest wait for the same moment. */
export function settlementsOf(
  claimed: Claimed[],
  digestId: string | null,
  outcome: Outcome,
  now: number,
  chance: number,
): Settlement[] {
  if (outcome.kind === 'interrupted') return []
  const attempts = Math.max(...claimed.map(delivery => delivery.attempts))
  const nextAt = now + waitMs(attempts, chance, outcome.kind === 'retry' ? outcome.retryAfterMs : null)
  return claimed.map(delivery => {
    const head = { deliveryId: delivery.id, incidentId: delivery.incidentId, nextAt: null, remaining: null }
    if (outcome.kind === 'sent')
      return { ...head, state: 'sent', error: noteOf(claimed.length, digestId, outcome.note) }
    if (outcome.kind === 'refused') return { ...head, state: 'failed', error: outcome.reason }
    if (outcome.kind === 'dropped') return { ...head, state: 'dropped', error: outcome.reason }
    if (givesUp(delivery.createdAt, nextAt))
      return { ...head, state: 'failed', error: `given up after 24 hours: ${outcome.reason}` }
    return { ...head, state: 'pending', nextAt, error: outcome.reason, remaining: outcome.remaining }
  })
}

/** Writes the settlements in one transaction, then tells the change feed and the log. */
export async function settle(
  deps: SettleDeps,
  message: ChannelMessage,
  settlements: Settlement[],
  now: number,
): Promise<void> {
  const subjects = await deps.records.transaction().execute(async tx => {
    for (const settlement of settlements) {
      await write(tx, settlement, now)
      if (settlement.state === 'failed') await dropFollower(tx, message.channelId, settlement.incidentId, now)
    }
    return subjectsOf(
      tx,
      settlements.map(settlement => settlement.incidentId),
    )
  })
  for (const { id, subjectId } of subjects) deps.changes.append({ kind: 'incident', id, subjectId })
  logOutcome(deps.log, message, settlements)
}

/** Drops what still waits for a channel, inside the transaction that takes the channel away or switches it off. */
export async function dropPending(
  tx: RecordsTransaction,
  channelId: string,
  reason: string,
  now: number,
): Promise<{ id: string; subjectId: string }[]> {
  const dropped = await tx
    .updateTable('delivery')
    .set({ state: 'dropped', settled_at: now, error: reason })
    .where('channel_id', '=', channelId)
    .where('state', '=', 'pending')
    .returning('incident_id')
    .execute()
  return subjectsOf(
    tx,
    dropped.map(delivery => delivery.incident_id),
  )
}

async function write(tx: RecordsTransaction, settlement: Settlement, now: number): Promise<void> {
  const { state, nextAt, error, remaining } = settlement
  let change = tx
    .updateTable('delivery')
    .set({
      state,
      error,
      settled_at: state === 'pending' ? null : now,
      ...(nextAt === null ? {} : { next_at: nextAt }),
      ...(remaining === null ? {} : { remaining: JSON.stringify(remaining) }),
    })
    .where('id', '=', settlement.deliveryId)
  // What went out went out, even when it was dropped meanwhile; a try that failed never undoes what was settled.
  if (state !== 'sent') change = change.where('state', '=', 'pending')
  await change.execute()
}

/** Nobody is told that something is over who could not be told that it began. */
async function dropFollower(tx: RecordsTransaction, channelId: string, incidentId: string, now: number): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ state: 'dropped', settled_at: now, error: 'its opening could not be told either' })
    .where('incident_id', '=', incidentId)
    .where('channel_id', '=', channelId)
    .where('event', '=', 'resolved')
    .where('state', '=', 'pending')
    .execute()
}

async function subjectsOf(tx: RecordsTransaction, incidentIds: string[]): Promise<{ id: string; subjectId: string }[]> {
  if (incidentIds.length === 0) return []
  const rows = await tx.selectFrom('incident').select(['id', 'subject_id']).where('id', 'in', incidentIds).execute()
  return rows.map(row => ({ id: row.id, subjectId: row.subject_id }))
}

function noteOf(count: number, digestId: string | null, note: string | null): string | null {
  const others = count === 1 ? '' : count === 2 ? ' with 1 other' : ` with ${count - 1} others`
  const digest = digestId === null ? null : `told in one digest${others}`
  return digest === null || note === null ? (digest ?? note) : `${digest}; ${note}`
}

function logOutcome(log: Logger, message: ChannelMessage, settlements: Settlement[]): void {
  const failed = settlements.filter(settlement => settlement.state === 'failed')
  const waiting = settlements.filter(settlement => settlement.state === 'pending')
  const [first] = failed.length > 0 ? failed : waiting.length > 0 ? waiting : settlements
  const fields = {
    channelId: message.channelId,
    deliveryIds: settlements.map(settlement => settlement.deliveryId),
    reason: first?.error ?? null,
  }
  if (failed.length > 0) log.error(fields, 'Notice could not be delivered and is given up')
  else if (waiting.length > 0)
    log.warn({ ...fields, nextAt: first?.nextAt }, 'Notice was not taken and will be tried again')
  else log.info(fields, 'Notice settled')
}
