// Reminders of backups to the contact of the agency, through the mail channel that the city has. A reminder is mailed once
// at most: when nobody can say whether a mail went out, it does not go again, and that is what is written down.
import { z } from 'zod'
import { coverageGap } from '../../protocol/backup-views.ts'
import type { Logger } from '../platform/logs.ts'
import type { ChangeFeed } from '../stores/change-feed.ts'
import type { Records } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { givesUp, waitMs } from './back-off.ts'
import { valuesOf } from './channel-rows.ts'
import { CHANNELS, type ChannelRegistry, findChannelKind } from './channels/registry.ts'
import type { MessageContext } from './message.ts'
import { reminderMessage } from './reminder-message.ts'
import { type Outcome, outcomeOf, SEND_DEADLINE_MS, withDeadline } from './send.ts'

export type ReminderMailDeps = MessageContext & {
  records: Records
  vault: Vault
  changes: ChangeFeed
  log: Logger
  now: () => number
  channels?: ChannelRegistry
}

export type ReminderMails = {
  start(): void
  wake(): void
  /** What is being sent is broken off and counts as not known. */
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 60_000
const STOPPED = 'the collector stopped while it was being sent; it may have arrived'

export function createReminderMails(deps: ReminderMailDeps): ReminderMails {
  const { records, changes, log, now } = deps
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let waiting = false

  async function sendDue(): Promise<void> {
    waiting = false
    const due = await records
      .selectFrom('reminder_mail')
      .select('reminder_id')
      .where('state', '=', 'pending')
      .where('next_at', '<=', now())
      .orderBy('created_at')
      .execute()
    for (const { reminder_id: id } of due) if (!stopping.signal.aborted) await sendOne(id)
  }

  async function sendOne(id: string): Promise<void> {
    // Before it goes: a kill from here on leaves a mark that it may have gone.
    const [claimed] = await records
      .updateTable('reminder_mail')
      .set(eb => ({ state: 'sending', attempts: eb('attempts', '+', 1) }))
      .where('reminder_id', '=', id)
      .where('state', '=', 'pending')
      .returningAll()
      .execute()
    if (claimed === undefined) return
    const outcome = await send(id, claimed.address)
    const nextAt =
      now() + waitMs(claimed.attempts, Math.random(), outcome.kind === 'retry' ? outcome.retryAfterMs : null)
    const becomes = becomesOf(outcome, givesUp(claimed.created_at, nextAt))
    await records
      .updateTable('reminder_mail')
      .set({ ...becomes, next_at: nextAt, settled_at: becomes.state === 'pending' ? null : now() })
      .where('reminder_id', '=', id)
      .execute()
    log.info({ reminder: id, ...becomes }, 'A reminder was mailed to the contact of the agency, or was not')
    changes.append({ kind: 'backup', datasetId: '' })
  }

  async function send(id: string, address: string): Promise<Outcome> {
    try {
      const channel = await records
        .selectFrom('channel')
        .selectAll()
        .where('kind', '=', 'email')
        .where('enabled', '=', 1)
        .where('removed_at', 'is', null)
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst()
      const kind = findChannelKind(deps.channels ?? CHANNELS, 'email')
      if (channel === undefined || kind === undefined) return { kind: 'dropped', reason: 'no mail channel is set up' }
      const message = await messageOf(id)
      const values = { ...valuesOf(deps.vault, channel), to: address }
      const sent = await withDeadline(stopping.signal, SEND_DEADLINE_MS, signal =>
        kind.send({ values, message, deliveryId: id, remaining: null, signal, at: now() }),
      )
      return { kind: 'sent', note: sent.note }
    } catch (error) {
      return stopping.signal.aborted ? { kind: 'interrupted' } : outcomeOf(error)
    }
  }

  async function messageOf(id: string) {
    const row = await records
      .selectFrom('backup_reminder')
      .innerJoin('agency', 'agency.id', 'backup_reminder.agency_id')
      .select(['backup_reminder.at', 'backup_reminder.text', 'backup_reminder.gaps', 'agency.name'])
      .where('backup_reminder.id', '=', id)
      .executeTakeFirstOrThrow()
    const gaps = z.array(coverageGap).parse(JSON.parse(row.gaps))
    return reminderMessage({ at: row.at, agency: row.name, text: row.text, gaps }, deps)
  }

  function wake(): void {
    if (waiting || stopping.signal.aborted) return
    waiting = true
    running = running
      .then(sendDue)
      .catch(error => log.error({ err: error }, 'Reminders could not be mailed; those not begun wait'))
  }

  return {
    start() {
      running = running
        .then(async () => {
          const left = { state: 'unknown' as const, reason: STOPPED, settled_at: now() }
          await records.updateTable('reminder_mail').set(left).where('state', '=', 'sending').execute()
        })
        .catch(error => log.error({ err: error }, 'Reminders that a stop interrupted could not be marked'))
      timer = setInterval(wake, LOOK_EVERY_MS)
      wake()
    },
    wake,
    async stop() {
      clearInterval(timer)
      stopping.abort(new Error('the collector stops'))
      await running
    },
  }
}

type Becomes = { state: 'pending' | 'sent' | 'refused' | 'unknown' | 'no-channel'; reason: string | null }

/** Pure. A channel's "retry" means that the server did not take it. */
function becomesOf(outcome: Outcome, isGivenUp: boolean): Becomes {
  if (outcome.kind === 'sent') return { state: 'sent', reason: outcome.note }
  if (outcome.kind === 'refused') return { state: 'refused', reason: outcome.reason }
  if (outcome.kind === 'dropped') return { state: 'no-channel', reason: outcome.reason }
  if (outcome.kind === 'interrupted') return { state: 'unknown', reason: STOPPED }
  if (isGivenUp) return { state: 'refused', reason: `given up after 24 hours: ${outcome.reason}` }
  return { state: 'pending', reason: outcome.reason }
}
