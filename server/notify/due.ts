// Stage two: what may go now, channel by channel, as the throttle allows.
import type { Records } from '../stores/records/records.ts'
import { type DueNotice, type PlannedMessage, planChannel, THROTTLE, type TriedMessage } from './throttle.ts'

export type ChannelMessage = PlannedMessage & { channelId: string }

export type DuePlan = {
  /** In turns by channel, so that one busy channel does not hold up the others. */
  messages: ChannelMessage[]
  /** When something next becomes due, UTC ms; null when nothing waits. */
  nextAt: number | null
}

/** `underWay`: ids of the deliveries that are being sent at this moment. */
export async function planDue(
  records: Records,
  now: number,
  underWay: ReadonlySet<string>,
  newDigestId: () => string,
): Promise<DuePlan> {
  const waiting = await records
    .selectFrom('delivery')
    .innerJoin('incident', 'incident.id', 'delivery.incident_id')
    .select(['delivery.id', 'delivery.channel_id', 'delivery.incident_id', 'delivery.event', 'delivery.next_at'])
    .select(['delivery.digest_id', 'incident.severity'])
    .where('delivery.state', '=', 'pending')
    .execute()
  const openedWaiting = new Set(
    waiting.filter(row => row.event === 'opened').map(row => `${row.incident_id} ${row.channel_id}`),
  )
  const byChannel = new Map<string, DueNotice[]>()
  let nextAt: number | null = null
  for (const row of waiting) {
    if (underWay.has(row.id)) continue
    // Nobody is told that something is over before being told that it began.
    if (row.event === 'resolved' && openedWaiting.has(`${row.incident_id} ${row.channel_id}`)) continue
    if (row.next_at > now) {
      nextAt = earlier(nextAt, row.next_at)
      continue
    }
    const due = byChannel.get(row.channel_id) ?? []
    due.push({ id: row.id, severity: row.severity, dueAt: row.next_at, digestId: row.digest_id })
    byChannel.set(row.channel_id, due)
  }
  const queues: ChannelMessage[][] = []
  for (const [channelId, due] of byChannel) {
    const plan = planChannel(due, await readTried(records, channelId, now), now, newDigestId)
    queues.push(plan.messages.map(message => ({ ...message, channelId })))
    if (plan.nextAt !== null) nextAt = earlier(nextAt, plan.nextAt)
  }
  return { messages: inTurns(queues), nextAt }
}

async function readTried(records: Records, channelId: string, now: number): Promise<TriedMessage[]> {
  const rows = await records
    .selectFrom('delivery')
    .select(['id', 'digest_id', 'attempted_at'])
    .where('channel_id', '=', channelId)
    .where('attempted_at', '>', now - THROTTLE.windowMs)
    .execute()
  const messages = new Map<string, TriedMessage>()
  for (const row of rows) {
    const id = row.digest_id ?? row.id
    messages.set(id, { id, digest: row.digest_id !== null, at: row.attempted_at ?? 0 })
  }
  return [...messages.values()]
}

function inTurns(queues: ChannelMessage[][]): ChannelMessage[] {
  const longest = Math.max(0, ...queues.map(queue => queue.length))
  return Array.from({ length: longest }, (_, turn) => queues.flatMap(queue => queue[turn] ?? [])).flat()
}

function earlier(left: number | null, right: number): number {
  return left === null ? right : Math.min(left, right)
}
