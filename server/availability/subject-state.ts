import type { Severity, SubjectState } from '../../protocol/vocabulary.ts'

/** A server that missed this many of its own intervals has no evidence for it any more. */
export const MISSED_INTERVALS = 3

/** A collector that says nothing of itself for longer than this was off or asleep, and so was deaf. */
export const COLLECTOR_PATIENCE_MS = 15_000

/** When evidence of this age stops counting. */
export function evidenceLastsMs(intervalMs: number): number {
  return MISSED_INTERVALS * intervalMs
}

/**
 * State of a device now. Silence is `unknown`, never `up`; one that is asked (`listenedUntil`: when last) and does not
 * answer is `down`. An incident that needs people makes it `degraded`.
 */
export function subjectStateOf(input: {
  at: number
  lastHeardAt: number | null
  listenedUntil: number | null
  intervalMs: number
  worstSeverity: Severity | null
}): SubjectState {
  const lastsMs = evidenceLastsMs(input.intervalMs)
  const isFresh = (told: number | null): boolean => told !== null && input.at - told <= lastsMs
  if (!isFresh(input.lastHeardAt)) {
    const askedInVain = isFresh(input.listenedUntil) && (input.listenedUntil ?? 0) > (input.lastHeardAt ?? 0)
    return askedInVain ? 'down' : 'unknown'
  }
  return input.worstSeverity === 'critical' || input.worstSeverity === 'high' ? 'degraded' : 'up'
}
