import { clip, gaps, type Interval, intersection, totalMs } from './intervals.ts'

export type Availability = {
  from: number
  to: number
  upMs: number
  /** Known to be down, or silent while the collector watched. */
  outageMs: number
  /** Neither heard nor watched: the collector itself was off. */
  unobservedMs: number
  /** up / (up + outage); null when nothing was observed. */
  uptimeRatio: number | null
}

/**
 * Exact sums over a window. What was heard counts as up wherever it came late from a spool; silence counts against the
 * subject only while somebody listened.
 */
export function measureAvailability(input: {
  window: Interval
  up: readonly Interval[]
  down: readonly Interval[]
  watched: readonly Interval[]
}): Availability {
  const { window } = input
  const upMs = totalMs(clip(input.up, window))
  const silent = gaps(input.up, window)
  const outageMs = totalMs([...intersection(silent, input.watched), ...intersection(silent, input.down)])
  const observedMs = upMs + outageMs
  return {
    from: window.from,
    to: window.to,
    upMs,
    outageMs,
    unobservedMs: Math.max(0, window.to - window.from) - observedMs,
    uptimeRatio: observedMs === 0 ? null : upMs / observedMs,
  }
}
