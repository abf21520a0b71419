/** The windows that the range buttons offer. */
export const RANGES = ['15m', '1h', '6h', '24h', '7d', '30d'] as const
export type RangeName = (typeof RANGES)[number]

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const RANGE_MS: Record<RangeName, number> = {
  '15m': 15 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
}

/** Steps that divide an hour or a day evenly, so that buckets fall on round times. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600].map(s => s * 1_000)
const POINTS_AT_MOST = 360

export type Window = { from: number; to: number; stepMs: number }

/** The window that ends now, in steps no finer than the agent's rhythm and at most 360 of them; bounds fall on steps. */
export function windowOf(range: RangeName, at: number, intervalMs: number): Window {
  const lengthMs = RANGE_MS[range]
  const wanted = Math.max(intervalMs, lengthMs / POINTS_AT_MOST)
  const stepMs = STEPS_MS.find(step => step >= wanted) ?? 21_600_000
  const to = Math.ceil(at / stepMs) * stepMs
  return { from: Math.floor((at - lengthMs) / stepMs) * stepMs, to, stepMs }
}
