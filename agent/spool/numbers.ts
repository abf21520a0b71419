/** So many numbers are promised ahead in the ledger; a start after a kill goes on behind them. */
export const RESERVED_AHEAD = 10_000

export type Numbers = {
  /** The next number, never given before. Rejects when none could be promised on disk. */
  take(): Promise<number>
  /** The number given last. */
  last(): number
}

/**
 * Gives the numbers of batches from `first` on, each once. `reserve` writes down up to where they are promised and says
 * whether that is safe on disk; it is asked long before the promise runs out, so a disk in trouble has time to recover.
 */
export function createNumbers(deps: { first: number; reserve: (through: number) => Promise<boolean> }): Numbers {
  let next = deps.first
  let promised = deps.first + RESERVED_AHEAD
  return {
    async take() {
      if (next + RESERVED_AHEAD / 2 > promised && (await deps.reserve(next + RESERVED_AHEAD))) {
        promised = next + RESERVED_AHEAD
      }
      if (next > promised) throw new Error('no number could be reserved on disk')
      next += 1
      return next - 1
    },
    last: () => next - 1,
  }
}
