// From the series of a probe to the shapes of a smoke graph. Pure.

export type SmokePoint = {
  at: number
  /** Milliseconds; null where nothing came back or nothing was measured. */
  min: number | null
  p10: number | null
  p25: number | null
  p50: number | null
  p75: number | null
  p90: number | null
  max: number | null
  lossRatio: number | null
}
export const SMOKE_STATS = ['min', 'p10', 'p25', 'p50', 'p75', 'p90', 'max'] as const
export type SmokeStat = (typeof SMOKE_STATS)[number]

type RangeSeries = { agentId: string; labels: Record<string, string>; points: [number, number | null][] }

/** Of the agent with the most to tell; round trips come in seconds. */
export function smokePoints(roundTrips: readonly RangeSeries[], losses: readonly RangeSeries[]): SmokePoint[] {
  const counts = new Map<string, number>()
  for (const { agentId, points } of [...roundTrips, ...losses]) {
    const known = points.filter(([, value]) => value !== null).length
    counts.set(agentId, (counts.get(agentId) ?? 0) + known)
  }
  const agentId = [...counts].sort(([, left], [, right]) => right - left)[0]?.[0]
  const byTime = new Map<number, SmokePoint>()
  const pointAt = (at: number): SmokePoint => {
    const nothing = { min: null, p10: null, p25: null, p50: null, p75: null, p90: null, max: null, lossRatio: null }
    const point = byTime.get(at) ?? { at, ...nothing }
    byTime.set(at, point)
    return point
  }
  for (const series of roundTrips) {
    const stat = SMOKE_STATS.find(one => one === series.labels.stat)
    if (stat === undefined || series.agentId !== agentId) continue
    for (const [at, value] of series.points) if (value !== null) pointAt(at)[stat] = value * 1000
  }
  for (const series of losses) {
    if (series.agentId !== agentId) continue
    for (const [at, value] of series.points) if (value !== null) pointAt(at).lossRatio = value
  }
  return [...byTime.values()].sort((left, right) => left.at - right.at)
}

/** Runs of points in which both edges are known; a time without figures is a gap. */
export function bandRuns(
  points: readonly SmokePoint[],
  low: SmokeStat,
  high: SmokeStat,
  maxGapMs: number,
): { at: number; low: number; high: number }[][] {
  const runs: { at: number; low: number; high: number }[][] = []
  let last: number | null = null
  for (const point of points) {
    const [bottom, top] = [point[low], point[high]]
    if (bottom === null || top === null) {
      last = null
      continue
    }
    const known = { at: point.at, low: bottom, high: top }
    if (last === null || point.at - last > maxGapMs) runs.push([known])
    else runs.at(-1)?.push(known)
    last = point.at
  }
  return runs
}
