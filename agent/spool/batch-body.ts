import type { Batch, WireFact, WireSeries } from '../../protocol/batch.ts'
import { BATCH_LIMITS, WIRE_VERSION } from '../../protocol/wire.ts'
import type { TickReading } from '../sources/runner.ts'
import type { Labels } from '../sources/source.ts'

/** Same for all batches of a run. */
export type BatchOrigin = { agentVersion: string; spool: string; intervalMs: number }

/** An integer beyond 2^53 travels as a string of digits, what is no number at all does not travel. */
export function wireNumber(value: number | bigint): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER ? value.toString() : Number(value)
}

function wireSeries({ atMs, gauges, deltas }: TickReading): WireSeries[] {
  const series: WireSeries[] = []
  const withLabels = (labels: Labels | undefined) => (labels === undefined ? {} : { labels })
  for (const { metric, labels, value } of gauges) {
    const wire = wireNumber(value)
    if (wire !== undefined) series.push({ kind: 'gauge', metric, ...withLabels(labels), points: [[atMs, wire]] })
  }
  for (const { metric, labels, growth, overMs } of deltas) {
    const wire = wireNumber(growth)
    if (wire !== undefined)
      series.push({ kind: 'delta', metric, ...withLabels(labels), points: [[atMs, wire, overMs]] })
  }
  return series
}

/**
 * The body of one tick as a function of its number; more than one only when a tick has more series or facts than a
 * batch may carry.
 */
export function encodeBatches(
  origin: BatchOrigin,
  reading: TickReading,
  facts: WireFact[],
): ((number: number) => string)[] {
  const series = wireSeries(reading)
  const parts = Math.max(
    Math.ceil(series.length / BATCH_LIMITS.series),
    Math.ceil(facts.length / BATCH_LIMITS.facts),
    1,
  )
  return Array.from({ length: parts }, (_, part) => {
    const slice = <T>(list: T[], size: number): T[] => list.slice(part * size, (part + 1) * size)
    const partFacts = slice(facts, BATCH_LIMITS.facts)
    return number => {
      const batch: Batch = {
        wire: WIRE_VERSION,
        ...origin,
        number,
        series: slice(series, BATCH_LIMITS.series),
        ...(partFacts.length === 0 ? {} : { facts: partFacts }),
      }
      return JSON.stringify(batch)
    }
  })
}
