import { BACKUP_LIMITS } from '../../protocol/backup-words.ts'
import type { Batch, WireFact } from '../../protocol/batch.ts'
import { SNMP_LIMITS } from '../../protocol/snmp-words.ts'
import { BATCH_LIMITS, WIRE_VERSION } from '../../protocol/wire.ts'
import type { TickReading } from '../sources/runner.ts'
import { bodyOfPart } from './packed-part.ts'
import { wireSeries } from './wire-series.ts'

/** Same for all batches of a run. */
export type BatchOrigin = { agentVersion: string; intervalMs: number }

/** Up to 2000 interfaces each: more of them might not fit in a body. */
const DISCOVERIES_A_BATCH = 4

/**
 * The bodies of one tick as functions of their numbers and their spool's name: one of what the agent itself read, more when
 * that is more than a batch may carry, and one of each part that was packed where it was found.
 */
export function encodeBatches(
  origin: BatchOrigin,
  reading: TickReading,
  facts: WireFact[],
): ((number: number, spool: string) => string | Buffer)[] {
  const series = wireSeries(reading.atMs, reading.gauges, reading.deltas)
  const { discoveries = [], events = [], backups = [], packed = [] } = reading
  const head = (number: number, spool: string) => ({ wire: WIRE_VERSION, ...origin, spool, number }) as const
  const parts = Math.max(
    Math.ceil(series.length / BATCH_LIMITS.series),
    Math.ceil(facts.length / BATCH_LIMITS.facts),
    Math.ceil(discoveries.length / DISCOVERIES_A_BATCH),
    Math.ceil(events.length / SNMP_LIMITS.events),
    Math.ceil(backups.length / BACKUP_LIMITS.reports),
    1,
  )
  const own = Array.from({ length: parts }, (_, part) => {
    const slice = <T>(list: T[], size: number): T[] => list.slice(part * size, (part + 1) * size)
    const filled = <K extends string, T>(key: K, list: T[]) => (list.length === 0 ? {} : { [key]: list })
    return (number: number, spool: string) => {
      const batch: Batch = {
        ...head(number, spool),
        series: slice(series, BATCH_LIMITS.series),
        ...filled('facts', slice(facts, BATCH_LIMITS.facts)),
        ...filled('discoveries', slice(discoveries, DISCOVERIES_A_BATCH)),
        ...filled('events', slice(events, SNMP_LIMITS.events)),
        ...filled('backups', slice(backups, BACKUP_LIMITS.reports)),
      }
      return JSON.stringify(batch)
    }
  })
  const isBare = [series, facts, discoveries, events, backups].every(list => list.length === 0)
  return [
    ...(isBare && packed.length > 0 ? [] : own),
    ...packed.map(
      part => (number: number, spool: string) => bodyOfPart(JSON.stringify(head(number, spool)).slice(0, -1), part),
    ),
  ]
}
