// Pure: when answers and silences become a state. One silence is no outage and one answer no recovery: a silence makes
// the probe ask again quickly, and only so many in a row count. Time comes in as an argument.

export type DebounceSettings = {
  everyMs: number
  retryEveryMs: number
  /** So many failures in a row are `down`. */
  failures: number
  /** So many successes in a row are `up` again. */
  successes: number
}

export type Debounce = {
  /** What is told of it; null while nothing is decided yet. */
  state: 'up' | 'down' | null
  /** Moment from which on that state held: of the first answer, or of the first question that nobody answered. */
  since: number | null
  /** What speaks against the state, in a row; null while nothing does. */
  doubt: { towards: 'up' | 'down'; since: number; count: number } | null
}

export const UNDECIDED: Debounce = { state: null, since: null, doubt: null }

/** The next standing, after a question that was asked at `askedAt` had this outcome. */
export function debounce(
  before: Debounce,
  outcome: 'answered' | 'failed',
  askedAt: number,
  { failures, successes }: Pick<DebounceSettings, 'failures' | 'successes'>,
): Debounce {
  const towards = outcome === 'answered' ? 'up' : 'down'
  if (before.state === towards) return { ...before, doubt: null }
  const same = before.doubt?.towards === towards ? before.doubt : null
  const doubt = { towards, since: same?.since ?? askedAt, count: (same?.count ?? 0) + 1 } as const
  // The first answer ever is a state at once: nothing flaps that had no state.
  const needed = towards === 'down' ? failures : before.state === null ? 1 : successes
  if (doubt.count < needed) return { ...before, doubt }
  return { state: towards, since: doubt.since, doubt: null }
}

/**
 * A poller that finds that it has no network itself blames nobody: what it suspected is dropped, and when it can see again
 * it starts without a state.
 */
export function blinded(): Debounce {
  return UNDECIDED
}

/** When the next question is due: soon while something is in doubt, else in the rhythm. */
export function nextQuestionAt(standing: Debounce, askedAt: number, settings: DebounceSettings): number {
  return askedAt + (standing.doubt === null ? settings.everyMs : Math.min(settings.retryEveryMs, settings.everyMs))
}

/** What may be told at this moment; a state that is in doubt is not told again until the doubt is settled. */
export function tellable(standing: Debounce): 'up' | 'down' | null {
  return standing.doubt === null ? standing.state : null
}
