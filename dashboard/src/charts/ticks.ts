const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const STEPS_MS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  5 * DAY,
  7 * DAY,
]

/** Round local times within a window, at most so many; `offsetMs` is the zone's distance from UTC. */
export function timeTicks(
  from: number,
  to: number,
  atMost: number,
  offsetMs: number,
): { at: number[]; stepMs: number } {
  const stepMs = STEPS_MS.find(step => (to - from) / step <= atMost) ?? 30 * DAY
  const at: number[] = []
  for (let tick = Math.ceil((from + offsetMs) / stepMs) * stepMs - offsetMs; tick <= to; tick += stepMs) at.push(tick)
  return { at, stepMs }
}

const BYTE_TICKS_AT_MOST = 5

/** Ticks on round binary sizes (4, 8, 16 GiB) from zero to the first one that covers `max`. */
export function byteTicks(max: number): number[] {
  let step = 1
  while (max / step > BYTE_TICKS_AT_MOST) step *= 2
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, index) => index * step)
}
