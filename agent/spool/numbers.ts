/** So many numbers are promised ahead in the ledger; a start after a kill goes on behind them. */
export const RESERVED_AHEAD = 10_000

export type Numbers = {
  /** The next number, never given before under the present name of the spool. */
  take(): Promise<number>
  /** The number given last. */
  last(): number
}

/**
 * Gives the numbers of batches from `first` on, each once. `reserve` writes down up to where they are promised and says
 * whether that is safe on disk; it is asked long before the promise runs out, so a disk in trouble has time to recover.
 * When it did not, a restart would give the same numbers again: so `rename` makes it another spool, which the disk does
 * not know and no restart goes on with.
 */
export function createNumbers(deps: {
  first: number
  reserve: (through: number) => Promise<boolean>
  rename: () => void
}): Numbers {
  let next = deps.first
  /** Undefined while the disk does not know the spool's name: then there is nothing to promise. */
  let promised: number | undefined = deps.first + RESERVED_AHEAD
  return {
    async take() {
      const isLow = promised === undefined || next + RESERVED_AHEAD / 2 > promised
      if (isLow && (await deps.reserve(next + RESERVED_AHEAD))) promised = next + RESERVED_AHEAD
      if (promised !== undefined && next > promised) {
        deps.rename()
        promised = undefined
      }
      next += 1
      return next - 1
    },
    last: () => next - 1,
  }
}
