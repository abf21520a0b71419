// Which channels learn of an event. Pure: rows in, decision out.
import { SEVERITIES, type Severity } from '../../protocol/vocabulary.ts'

/**
 * A notice waits this long after its incident opened: what heals by itself at once wakes nobody. Rules that look for the
 * root of a trouble (holdSeconds) have waited before that, and a cut cable must be in the mailbox within ten seconds.
 */
export const SETTLING_MS = 1_000

export const SETTLED_BY_ITSELF = 'resolved within the settling time, before its notice went out'

export type DeliveryState = 'pending' | 'sent' | 'failed' | 'dropped'

export type RouteEvent = {
  event: 'opened' | 'resolved'
  /** When it happened, UTC ms. */
  at: number
  openedAt: number
  severity: Severity
}

/** A channel that is not removed. */
export type RouteChannel = { id: string; enabled: boolean; minimumSeverity: Severity }

/** What became of the notice of the opening, channel by channel. */
export type OpenedDelivery = { id: string; channelId: string; state: DeliveryState; attempts: number }

export type RouteDecision = {
  create: { channelId: string; state: 'pending' | 'dropped'; nextAt: number; reason: string | null }[]
  /** Ids of deliveries of the opening that need not go any more. */
  drop: { deliveryId: string; reason: string }[]
}

/**
 * 'opened' goes to each enabled channel whose minimum severity is reached, after the settling time. 'resolved' follows
 * only where 'opened' was sent or is still on its way; within the settling time, and before any try, both are dropped.
 * One that a full throttle or a dead mail server held back longer is told all the same: it was a real incident.
 */
export function route(event: RouteEvent, channels: RouteChannel[], opened: OpenedDelivery[]): RouteDecision {
  const enabled = channels.filter(channel => channel.enabled)
  if (event.event === 'opened') {
    const nextAt = event.openedAt + SETTLING_MS
    const reached = enabled.filter(channel => reaches(event.severity, channel.minimumSeverity))
    return { create: reached.map(({ id }) => ({ channelId: id, state: 'pending', nextAt, reason: null })), drop: [] }
  }
  const decision: RouteDecision = { create: [], drop: [] }
  for (const delivery of opened) {
    if (!enabled.some(channel => channel.id === delivery.channelId)) continue
    if (delivery.state !== 'sent' && delivery.state !== 'pending') continue
    const settledByItself =
      delivery.state === 'pending' && delivery.attempts === 0 && event.at < event.openedAt + SETTLING_MS
    if (settledByItself) decision.drop.push({ deliveryId: delivery.id, reason: SETTLED_BY_ITSELF })
    decision.create.push({
      channelId: delivery.channelId,
      state: settledByItself ? 'dropped' : 'pending',
      nextAt: event.at,
      reason: settledByItself ? SETTLED_BY_ITSELF : null,
    })
  }
  return decision
}

function reaches(severity: Severity, minimum: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(minimum)
}
