import type { IncidentState } from '../../protocol/vocabulary.ts'

export type IncidentEvent = 'raise' | 'clear' | 'acknowledge' | 'resolve'
export type IncidentStep = {
  state: IncidentState
  /** What is written into the timeline; null when nothing changed. */
  timeline: 'opened' | 'acknowledged' | 'resolved' | null
  /** Whether people are told. Nobody is told of an acknowledgement: somebody just made it. */
  notice: 'opened' | 'resolved' | null
}

/**
 * The whole life of an incident: none -> open -> acknowledged -> resolved. A resolved one stays resolved; the same
 * trouble again is a new incident. Returns null for what a person may not do in this state.
 */
export function step(state: IncidentState | 'none', event: IncidentEvent): IncidentStep | null {
  switch (event) {
    case 'raise':
      if (state === 'none' || state === 'resolved') return { state: 'open', timeline: 'opened', notice: 'opened' }
      return { state, timeline: null, notice: null }
    case 'clear':
      if (state === 'open' || state === 'acknowledged') {
        return { state: 'resolved', timeline: 'resolved', notice: 'resolved' }
      }
      return { state: 'resolved', timeline: null, notice: null }
    case 'acknowledge':
      return state === 'open' ? { state: 'acknowledged', timeline: 'acknowledged', notice: null } : null
    case 'resolve':
      return state === 'open' || state === 'acknowledged'
        ? { state: 'resolved', timeline: 'resolved', notice: 'resolved' }
        : null
  }
}
