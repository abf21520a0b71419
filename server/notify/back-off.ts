// When to try again what a channel did not take. Pure: time and chance come in as arguments.

const STEPS_MS = [5_000, 15_000, 60_000, 5 * 60_000, 15 * 60_000] as const
const JITTER_RATIO = 0.2
const LONGEST_RETRY_AFTER_MS = 3_600_000

/** After so long without success a delivery is given up and a person told by the log. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000

/**
 * Wait after the `attempts`-th try (1 for the first), in ms: 5 s, 15 s, 1 min, 5 min, then 15 min, each up to a fifth
 * longer or shorter by `chance` (0 to 1), so that many do not come back at once. A receiver that says Retry-After is
 * obeyed, for up to an hour.
 */
export function waitMs(attempts: number, chance: number, retryAfterMs: number | null): number {
  const step = STEPS_MS[Math.min(Math.max(attempts, 1), STEPS_MS.length) - 1] ?? STEPS_MS[0]
  const jittered = Math.round(step * (1 + JITTER_RATIO * (2 * chance - 1)))
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS))
}

/** Whether a delivery of `createdAt` is given up instead of being tried again at `nextAt`. */
export function givesUp(createdAt: number, nextAt: number): boolean {
  return nextAt > createdAt + GIVE_UP_AFTER_MS
}
