// Stage three: one message to one channel, once. What comes of it is a value, never an exception.
import { z } from 'zod'
import { incidentSummary } from '../../protocol/incident-views.ts'
import type { Logger } from '../platform/logs.ts'
import type { Records } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { readChannelRow, valuesOf } from './channel-rows.ts'
import { ChannelError } from './channels/channel.ts'
import { type ChannelRegistry, findChannelKind } from './channels/registry.ts'
import type { ChannelMessage } from './due.ts'
import { digestMessage, incidentUrl, type Message, type MessageContext, type Notice, noticeMessage } from './message.ts'

export type SendDeps = {
  records: Records
  vault: Vault
  channels: ChannelRegistry
  context: MessageContext
  log: Logger
  /** UTC ms. */
  now: () => number
}

/** A delivery that was claimed: its try is counted already, so that a kill now can't make it look untouched. */
export type Claimed = {
  id: string
  outboxId: string
  incidentId: string
  event: 'opened' | 'resolved'
  attempts: number
  createdAt: number
  remaining: string[] | null
}

export type Outcome =
  | { kind: 'sent'; note: string | null }
  | { kind: 'retry'; reason: string; retryAfterMs: number | null; remaining: string[] | null }
  | { kind: 'refused'; reason: string }
  /** The channel was taken away or switched off meanwhile. */
  | { kind: 'dropped'; reason: string }
  /** The collector stops: nothing is known, so it goes again at the next start. */
  | { kind: 'interrupted' }

export const SEND_DEADLINE_MS = 30_000

const recipients = z.array(z.string())

/** Counts the try of all that still wait of the message, and returns them. Empty when there is nothing left to send. */
export async function claim(records: Records, message: ChannelMessage, at: number): Promise<Claimed[]> {
  const rows = await records
    .updateTable('delivery')
    .set(update => ({ attempts: update('attempts', '+', 1), attempted_at: at, digest_id: message.digestId }))
    .where('id', 'in', message.deliveryIds)
    .where('state', '=', 'pending')
    .returning(['id', 'outbox_id', 'incident_id', 'event', 'attempts', 'created_at', 'remaining'])
    .execute()
  return rows.map(row => ({
    id: row.id,
    outboxId: row.outbox_id,
    incidentId: row.incident_id,
    event: row.event,
    attempts: row.attempts,
    createdAt: row.created_at,
    remaining: row.remaining === null ? null : recipients.parse(JSON.parse(row.remaining)),
  }))
}

/** `stopping` ends it at once without an outcome; otherwise it ends within SEND_DEADLINE_MS, whatever the channel does. */
export async function sendClaimed(
  deps: SendDeps,
  planned: ChannelMessage,
  claimed: Claimed[],
  stopping: AbortSignal,
  deadlineMs = SEND_DEADLINE_MS,
): Promise<Outcome> {
  try {
    const row = await readChannelRow(deps.records, planned.channelId)
    if (row === null) return { kind: 'dropped', reason: 'the channel was removed' }
    if (row.enabled !== 1) return { kind: 'dropped', reason: 'the channel was switched off' }
    const kind = findChannelKind(deps.channels, row.kind)
    if (kind === undefined) return retry(`this collector knows no channels of kind ${row.kind}`)
    const message = await composeMessage(deps, planned, claimed)
    const values = valuesOf(deps.vault, row)
    const [first] = claimed
    const sent = await withDeadline(stopping, deadlineMs, signal =>
      kind.send({
        values,
        message,
        deliveryId: planned.digestId ?? first?.id ?? planned.channelId,
        remaining: first?.remaining ?? null,
        signal,
        at: deps.now(),
      }),
    )
    return { kind: 'sent', note: sent.note }
  } catch (error) {
    if (stopping.aborted) return { kind: 'interrupted' }
    if (!(error instanceof ChannelError))
      deps.log.error({ err: error, channelId: planned.channelId }, 'Collector made a mistake while sending a notice')
    return outcomeOf(error)
  }
}

export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ChannelError)) return retry('the collector made a mistake while sending')
  const { outcome, reason, retryAfterMs, remaining } = error.failure
  if (outcome === 'refused') return { kind: 'refused', reason }
  return { kind: 'retry', reason, retryAfterMs: retryAfterMs ?? null, remaining: remaining ?? null }
}

/** Runs `work` with a signal that fires at the deadline; a channel that does not heed it is left behind. */
export async function withDeadline<T>(
  outer: AbortSignal,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const late = new ChannelError({ outcome: 'retry', reason: `no answer within ${deadlineMs / 1000} s` })
  const timer = setTimeout(() => deadline.abort(late), deadlineMs)
  const signal = AbortSignal.any([outer, deadline.signal])
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      if (signal.aborted) reject(signal.reason)
      else work(signal).then(resolve, reject)
    })
  } finally {
    clearTimeout(timer)
  }
}

async function composeMessage(deps: SendDeps, planned: ChannelMessage, claimed: Claimed[]): Promise<Message> {
  const ids = claimed.map(delivery => delivery.outboxId)
  const rows = await deps.records.selectFrom('outbox').select(['id', 'at', 'incident']).where('id', 'in', ids).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  const notices = claimed.flatMap((delivery): Notice[] => {
    const row = byId.get(delivery.outboxId)
    if (row === undefined) return []
    const incident = incidentSummary.parse(JSON.parse(row.incident))
    const url = incidentUrl(deps.context.publicUrl, incident.id)
    return [{ deliveryId: delivery.id, event: delivery.event, at: row.at, incident, url }]
  })
  const [notice] = notices
  if (notice === undefined) throw new Error('a delivery has no row in the outbox')
  if (planned.digestId !== null) return digestMessage(notices, deps.context)
  const follows = notice.event === 'resolved' ? await toldOpeningBy(deps.records, planned.channelId, notice) : null
  return noticeMessage(notice, deps.context, follows)
}

async function toldOpeningBy(records: Records, channelId: string, notice: Notice): Promise<string | null> {
  const opened = await records
    .selectFrom('delivery')
    .select(['id', 'digest_id'])
    .where('incident_id', '=', notice.incident.id)
    .where('channel_id', '=', channelId)
    .where('event', '=', 'opened')
    .where('state', '=', 'sent')
    .executeTakeFirst()
  return opened === undefined ? null : (opened.digest_id ?? opened.id)
}

function retry(reason: string): Outcome {
  return { kind: 'retry', reason, retryAfterMs: null, remaining: null }
}
