import type { Batch, WireFact, WireSeries } from '../../protocol/batch.ts'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { BATCH_LIMITS, WIRE_VERSION } from '../../protocol/wire.ts'
import type { TickReading } from '../sources/runner.ts'
import type { About, Labels } from '../sources/source.ts'

/** Same for all batches of a run. */
export type BatchOrigin = { agentVersion: string; intervalMs: number }

/** An integer beyond 2^53 travels as a string of digits, what is no number at all does not travel. */
export function wireNumber(value: number | bigint): number | string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER ? value.toString() : Number(value)
}

function wireSeries({ atMs, gauges, deltas }: TickReading): WireSeries[] {
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

/** Up to 2000 interfaces each: more of them might not fit in a body. */
const DISCOVERIES_A_BATCH = 4

/**
 * The body of one tick as a function of its number and its spool's name; more than one only when a tick has more than a
 * batch may carry.
 */
export function encodeBatches(
  origin: BatchOrigin,
  reading: TickReading,
  facts: WireFact[],
): ((number: number, spool: string) => string)[] {
  const series = wireSeries(reading)
  const { discoveries = [], events = [] } = reading
  const parts = Math.max(
    Math.ceil(series.length / BATCH_LIMITS.series),
    Math.ceil(facts.length / BATCH_LIMITS.facts),
    Math.ceil(discoveries.length / DISCOVERIES_A_BATCH),
    Math.ceil(events.length / SNMP_LIMITS.events),
    1,
  )
  return Array.from({ length: parts }, (_, part) => {
    const slice = <T>(list: T[], size: number): T[] => list.slice(part * size, (part + 1) * size)
    const filled = <K extends string, T>(key: K, list: T[]) => (list.length === 0 ? {} : { [key]: list })
    return (number, spool) => {
      const batch: Batch = {
        wire: WIRE_VERSION,
        ...origin,
        ...{ spool, number },
        series: slice(series, BATCH_LIMITS.series),
        ...filled('facts', slice(facts, BATCH_LIMITS.facts)),
        ...filled('discoveries', slice(discoveries, DISCOVERIES_A_BATCH)),
        ...filled('events', slice(events, SNMP_LIMITS.events)),
      }
      return JSON.stringify(batch)
    }
  })
}
