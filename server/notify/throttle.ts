// How many messages a channel may get, so that a storm of 500 incidents is not 500 mails. Pure: what was tried lately
// comes from the rows of the deliveries, so a restart forgets nothing.
import { SEVERITIES, type Severity } from '../../protocol/vocabulary.ts'

export const THROTTLE = {
  /** A message each for at most so many notices within the window; the others are gathered in digests. */
  singles: 20,
  windowMs: 5 * 60_000,
  /** A digest waits so long for company, */
  digestWaitMs: 30_000,
  /** comes at most so often, */
  digestEveryMs: 60_000,
  /** and holds at most so many; the others wait for the next one. */
  digestNotices: 200,
} as const

export type DueNotice = {
  id: string
  severity: Severity
  /** Since when it may go, UTC ms. */
  dueAt: number
  /** The digest it was put into before; a digest that failed goes again as it was. */
  digestId: string | null
}

/** A message of this channel that was tried: its id is that of the delivery or of the digest. */
export type TriedMessage = { id: string; digest: boolean; at: number }

export type PlannedMessage = { digestId: string | null; deliveryIds: string[] }

export type Plan = {
  messages: PlannedMessage[]
  /** How many are held until a later moment. */
  held: number
  /** When the held ones are to be looked at again; null when none is held. */
  nextAt: number | null
}

/** Plans what one channel gets now: worst first, then oldest. A new digest has a `digestId` of `newDigestId()`. */
export function planChannel(due: DueNotice[], tried: TriedMessage[], now: number, newDigestId: () => string): Plan {
  const recent = tried.filter(message => message.at > now - THROTTLE.windowMs)
  const singles = new Set(recent.filter(message => !message.digest).map(message => message.id))
  const messages = againAsBefore(due)
  const candidates = due.filter(notice => notice.digestId === null).sort(byUrgency)

  const held: DueNotice[] = []
  for (const notice of candidates) {
    // One that was tried within the window has its place already: trying again is no further message.
    if (singles.has(notice.id) || singles.size < THROTTLE.singles) {
      singles.add(notice.id)
      messages.push({ digestId: null, deliveryIds: [notice.id] })
    } else held.push(notice)
  }
  if (held.length === 0) return { messages, held: 0, nextAt: null }

  const lastDigestAt = Math.max(...recent.filter(message => message.digest).map(message => message.at))
  const digestAt = Math.max(
    Math.min(...held.map(notice => notice.dueAt)) + THROTTLE.digestWaitMs,
    lastDigestAt + THROTTLE.digestEveryMs,
  )
  if (digestAt <= now) {
    const gathered = held.splice(0, THROTTLE.digestNotices)
    messages.push({ digestId: newDigestId(), deliveryIds: gathered.map(notice => notice.id) })
    if (held.length === 0) return { messages, held: 0, nextAt: null }
    return { messages, held: held.length, nextAt: now + THROTTLE.digestEveryMs }
  }
  return { messages, held: held.length, nextAt: digestAt }
}

function againAsBefore(due: DueNotice[]): PlannedMessage[] {
  const digests = new Map<string, string[]>()
  for (const notice of due) {
    if (notice.digestId === null) continue
    digests.set(notice.digestId, [...(digests.get(notice.digestId) ?? []), notice.id])
  }
  return [...digests].map(([digestId, deliveryIds]) => ({ digestId, deliveryIds }))
}

function byUrgency(left: DueNotice, right: DueNotice): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    left.dueAt - right.dueAt ||
    (left.id < right.id ? -1 : 1)
  )
}
