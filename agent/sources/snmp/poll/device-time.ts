/** A reading of sysUpTime (hundredths of a second, RFC 3418) and when it came, by our monotonic clock. */
export type TimeReading = { ticks: number | undefined; atMs: number }

export type Passed =
  /** The device ran on; so much time passed by its own uptime. */
  | { kind: 'ran-on'; overMs: number }
  /** It, or its agent, began anew: what it counted before is gone. */
  | { kind: 'restarted' }
  /** It has no uptime: our own clock is the best there is. */
  | { kind: 'own-clock'; overMs: number }

const WRAP = 2 ** 32
/** How far the uptime may be from our clock when it wraps after 497 days: delays, and clocks that run badly. */
const WRAP_SLACK_MS = 60_000
/** A device whose uptime runs at another pace than this is not to be trusted with a division. */
const PACE = { least: 0.8, most: 1.25 }
/** In short times the delays of the questions are larger than the error of any clock. */
const PACE_SLACK_MS = 2_000

/** What lies between two readings of one device. */
export function timePassed(before: TimeReading, now: TimeReading): Passed {
  const ownMs = now.atMs - before.atMs
  if (before.ticks === undefined || now.ticks === undefined) return { kind: 'own-clock', overMs: ownMs }
  let overMs = (now.ticks - before.ticks) * 10
  if (overMs < 0) {
    const wrappedMs = overMs + WRAP * 10
    if (Math.abs(wrappedMs - ownMs) > WRAP_SLACK_MS) return { kind: 'restarted' }
    overMs = wrappedMs
  }
  // Restarted long ago: its uptime is above the old one again, but less than our clock has run.
  if (now.ticks * 10 + WRAP_SLACK_MS < ownMs) return { kind: 'restarted' }
  const isSound =
    (overMs >= ownMs * PACE.least && overMs <= ownMs * PACE.most) || Math.abs(overMs - ownMs) <= PACE_SLACK_MS
  return isSound ? { kind: 'ran-on', overMs } : { kind: 'own-clock', overMs: ownMs }
}
