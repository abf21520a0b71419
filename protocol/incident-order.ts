// The order in which active incidents stand everywhere.
import type { IncidentSummary } from './incident-views.ts'
import { SEVERITIES } from './vocabulary.ts'

type Ranked = Pick<IncidentSummary, 'severity' | 'number'>

/** Worst first, and of the same severity the newest. */
export function byUrgency(left: Ranked, right: Ranked): number {
  return SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) || right.number - left.number
}
