import type { Measure } from './measure.ts'

/**
 * How many of its own intervals the agent has been silent; for a polled device, as far as its poller asked in vain. A server that never spoke is unmeasured until its first word is
 * overdue; after that it is silent like any other.
 */
export const heartbeat: Measure = {
  unit: 'intervals',
  parameters: ['unmetAbove'],
  cadence: 'samples',
  evaluate: ({ at, subject, silenceCountsFrom, parameter, knownParts }) => {
    const heardAt = subject.lastSampleAt ?? subject.enrolledAt
    const silentMs = Math.max(0, Math.min(at, subject.listenedUntil ?? at) - heardAt)
    // A collector that has just started was deaf itself: fresh words count at once, silence not yet.
    if (at < silenceCountsFrom && silentMs > subject.intervalMs) return []
    const value = Math.floor((silentMs / subject.intervalMs) * 100) / 100
    const basis = { lastSampleAt: subject.lastSampleAt, intervalMs: subject.intervalMs, silentMs }
    const { listenedUntil = null } = subject
    const deafMs = listenedUntil === null ? 0 : at - listenedUntil
    // Nobody asks any more, so nobody knows: neither that it is well nor that it is silent.
    if (listenedUntil !== null && deafMs > parameter('unmetAbove') * subject.intervalMs) {
      return at < silenceCountsFrom ? [] : [{ part: '', value: null, basis: { ...basis, listenedUntil } }]
    }
    if (subject.lastSampleAt === null && value <= parameter('unmetAbove')) {
      // An agent that was only enrolled again has said nothing yet: what was known stands.
      return knownParts.length > 0 ? [] : [{ part: '', value: null, basis }]
    }
    return [{ part: '', value, basis }]
  },
}
