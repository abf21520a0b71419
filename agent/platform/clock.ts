/** Both clocks of the machine: what people call the time, and what only ever runs forward. */
export type Clock = {
  /** Instant in UTC milliseconds; may jump when someone sets the clock. */
  nowMs(): number
  /** Milliseconds since some fixed moment (CLOCK_MONOTONIC); never jumps, never runs backward. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
