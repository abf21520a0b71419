import type { Severity, SubjectState } from '../../protocol/vocabulary.ts'

/** A server that missed this many of its own intervals has no evidence for it any more. */
export const MISSED_INTERVALS = 3

/** A collector that says nothing of itself for longer than this was off or asleep, and so was deaf. */
export const COLLECTOR_PATIENCE_MS = 15_000

/** When evidence of this age stops counting. */
export function evidenceLastsMs(intervalMs: number): number {
  return MISSED_INTERVALS * intervalMs
}

/** State of a server now. Silence is `unknown`, never `up`; an incident that needs people makes it `degraded`. */
export function subjectStateOf(input: {
  at: number
  lastSampleAt: number | null
  intervalMs: number
  worstSeverity: Severity | null
}): SubjectState {
  if (input.lastSampleAt === null || input.at - input.lastSampleAt > evidenceLastsMs(input.intervalMs)) return 'unknown'
  return input.worstSeverity === 'critical' || input.worstSeverity === 'high' ? 'degraded' : 'up'
}
