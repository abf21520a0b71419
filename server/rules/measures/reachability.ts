import type { Measure } from './measure.ts'

/**
 * 1 while it is reached, also by some only; 0 while it is down. Without evidence there is no value: nobody sees it, or its
 * parents are down and it can't be said.
 */
export const reachability: Measure = {
  unit: 'reached',
  parameters: [],
  cadence: 'state',
  evaluate: ({ reach, at, silenceCountsFrom, knownParts }) => {
    if (reach === undefined) return []
    const { standing, cutOff, shared } = reach
    const { state, since } = standing
    // A collector that has just started was deaf itself: what was known stands.
    if (state === 'unknown' && at < silenceCountsFrom && knownParts.length > 0) return []
    const value = state === 'up' || state === 'degraded' ? 1 : state === 'down' ? 0 : null
    return [{ part: '', value, basis: { state, since, cutOff: [...cutOff], shared: [...shared] } }]
  },
}
