import type { WireSeries } from '../../protocol/batch.ts'
import type { About, Delta, Gauge, Labels } from '../sources/source.ts'

/** An integer beyond 2^53 travels as a string of digits, what is no number at all does not travel. */
export function wireNumber(value: number | bigint): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER ? value.toString() : Number(value)
}

/** Figures as they travel; `atMs` is the instant of those that say no other. */
export function wireSeries(atMs: number, gauges: readonly Gauge[], deltas: readonly Delta[]): WireSeries[] {
  const series: WireSeries[] = []
  const named = ({ subject, metric, labels }: About & { metric: string; labels?: Labels }) => ({
    ...(subject === undefined ? {} : { subject }),
    metric,
    ...(labels === undefined ? {} : { labels }),
  })
  for (const gauge of gauges) {
    const wire = wireNumber(gauge.value)
    if (wire !== undefined) series.push({ kind: 'gauge', ...named(gauge), points: [[gauge.atMs ?? atMs, wire]] })
  }
  for (const delta of deltas) {
    const wire = wireNumber(delta.growth)
    if (wire !== undefined)
      series.push({ kind: 'delta', ...named(delta), points: [[delta.atMs ?? atMs, wire, delta.overMs]] })
  }
  return series
}
