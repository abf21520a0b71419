import type { Measure } from './measure.ts'

/** How many of its own intervals the agent has been silent. Never `unmeasured` while the collector listens. */
export const heartbeat: Measure = {
  unit: 'intervals',
  parameters: [],
  cadence: 'samples',
  evaluate: ({ at, subject, silenceCountsFrom }) => {
    const heardAt = subject.lastSampleAt ?? subject.enrolledAt
    const silentMs = Math.max(0, at - heardAt)
    // A collector that has just started was deaf itself: fresh words count at once, silence not yet.
    if (at < silenceCountsFrom && silentMs > subject.intervalMs) return []
    return [
      {
        part: '',
        value: Math.floor((silentMs / subject.intervalMs) * 100) / 100,
        basis: { lastSampleAt: subject.lastSampleAt, intervalMs: subject.intervalMs, silentMs },
      },
    ]
  },
}
