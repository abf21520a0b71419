/** Both clocks of the machine: what people call the time, and what only ever runs forward. */
export type Clock = {
  /** Instant in UTC milliseconds; may jump when someone sets the clock. */
  nowMs(): number
  /** Milliseconds since some fixed moment (CLOCK_MONOTONIC); never jumps, never runs backward. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // Not performance.now(), for which Node loads more than the first sample has time for.
  monotonicMs() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1_000 + nanoseconds / 1_000_000
  },
}
