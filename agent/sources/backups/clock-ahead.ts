/** Clocks of two machines differ; what lies further ahead was taken by one that is wrong. */
export const AHEAD_MS = 5 * 60_000

/** Of copies with the newest first: the newest that is not from the future, if there is one. */
export function newestByNow<Copy extends { takenAt: number }>(copies: readonly Copy[], now: number): Copy | undefined {
  return copies.find(({ takenAt }) => takenAt <= now + AHEAD_MS) ?? copies[0]
}
