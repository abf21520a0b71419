import type { LiveSamples } from '../../../protocol/live.ts'
import type { RangeView } from '../../../protocol/server-views.ts'

export type Labels = Record<string, string>
export type Point = readonly [at: number, value: number | null]
export type Series = { metric: string; labels: Labels; points: Point[] }

export function seriesKey(metric: string, labels: Labels): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${metric}${JSON.stringify(sorted)}`
}

/**
 * One series for each metric and label set. Where two agents saw the same thing the one that saw more of the window
 * counts: adding them up would show a server twice.
 */
export function seriesOf(views: readonly RangeView[]): Map<string, Series> {
  const chosen = new Map<string, { series: Series; measured: number }>()
  for (const view of views) {
    for (const { metric, labels, points } of view.series) {
      const key = seriesKey(metric, labels)
      const measured = points.filter(([, value]) => value !== null).length
      const other = chosen.get(key)
      if (other === undefined || measured > other.measured)
        chosen.set(key, { series: { metric, labels, points }, measured })
    }
  }
  return new Map([...chosen].map(([key, { series }]) => [key, series]))
}

/** Samples that came by the live line since the last load, by series key, oldest first. */
export type LiveTail = Map<string, { metric: string; labels: Labels; points: [at: number, value: number][] }>

/** Adds a message to the tail and forgets what is older than `from`. A sample that came twice counts once. */
export function extendTail(tail: LiveTail, message: Pick<LiveSamples, 'series'>, from: number): LiveTail {
  const next = new Map(tail)
  for (const { metric, labels, points } of message.series) {
    const key = seriesKey(metric, labels)
    const byTime = new Map((next.get(key)?.points ?? []).filter(([at]) => at >= from))
    for (const [at, value] of points) if (at >= from) byTime.set(at, value)
    next.set(key, { metric, labels, points: [...byTime].sort(([a], [b]) => a - b) })
  }
  return next
}

/**
 * Loaded points with the live ones behind them, averaged into the same buckets. The load is right about everything up
 * to its newest value; the tail speaks only for what is later.
 */
export function joinTail(loaded: Map<string, Series>, tail: LiveTail, stepMs: number): Map<string, Series> {
  const joined = new Map(loaded)
  for (const [key, live] of tail) {
    const base = loaded.get(key)
    const newest = base?.points.findLast(([, value]) => value !== null)?.[0] ?? Number.NEGATIVE_INFINITY
    const buckets = new Map<number, { sum: number; count: number }>()
    for (const [at, value] of live.points) {
      const bucket = Math.floor(at / stepMs) * stepMs
      if (bucket <= newest) continue
      const present = buckets.get(bucket) ?? { sum: 0, count: 0 }
      buckets.set(bucket, { sum: present.sum + value, count: present.count + 1 })
    }
    if (buckets.size === 0) continue
    const kept = (base?.points ?? []).filter(([at]) => at <= newest)
    const fresh = [...buckets].sort(([a], [b]) => a - b).map(([at, { sum, count }]): Point => [at, sum / count])
    joined.set(key, { metric: live.metric, labels: live.labels, points: [...kept, ...fresh] })
  }
  return joined
}

/**
 * Measured points only, and one empty point wherever nothing was measured for longer than `maxGapMs`: a missed bucket
 * of jitter is not a gap, silence is.
 */
export function withGaps(points: readonly Point[], maxGapMs: number): Point[] {
  const drawn: Point[] = []
  let previous: number | null = null
  for (const [at, value] of points) {
    if (value === null) continue
    if (previous !== null && at - previous > maxGapMs) drawn.push([previous + 1, null])
    drawn.push([at, value])
    previous = at
  }
  return drawn
}

/** Which of the points have nothing measured beside them: no line leads to or from these. */
export function standAlone(points: readonly Point[]): boolean[] {
  const isMeasured = (place: number) => (points[place]?.[1] ?? null) !== null
  return points.map((_, place) => isMeasured(place) && !isMeasured(place - 1) && !isMeasured(place + 1))
}

/** Sum of several series at each instant where at least one has a value. */
export function sumSeries(series: readonly Series[]): Point[] {
  const sums = new Map<number, number>()
  for (const { points } of series)
    for (const [at, value] of points) if (value !== null) sums.set(at, (sums.get(at) ?? 0) + value)
  return [...sums].sort(([a], [b]) => a - b)
}

/** `combine(a, b)` at each instant where both have a value. */
export function combineSeries(
  a: readonly Point[],
  b: readonly Point[],
  combine: (a: number, b: number) => number,
): Point[] {
  const other = new Map(b)
  const combined: Point[] = []
  for (const [at, value] of a) {
    const second = other.get(at)
    if (value !== null && second !== undefined && second !== null) combined.push([at, combine(value, second)])
  }
  return combined
}
