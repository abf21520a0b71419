import type { SubjectState } from '../../protocol/vocabulary.ts'

export type StateClock = {
  /** Since when a subject has been in this state, as far as this collector has seen; silence began with the last word. */
  since(subjectId: string, state: SubjectState, lastSampleAt: number | null, at: number): number
}

export function createStateClock(): StateClock {
  const known = new Map<string, { state: SubjectState; since: number }>()
  return {
    since(subjectId, state, lastSampleAt, at) {
      const before = known.get(subjectId)
      if (before?.state === state) return before.since
      const since = state === 'unknown' && lastSampleAt !== null ? lastSampleAt : at
      known.set(subjectId, { state, since })
      return since
    },
  }
}
