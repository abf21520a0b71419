// The metrics of which each sample is looked at when it comes; of all others the newest value is kept, and rules look at that.
import { PROBE_METRICS } from '../../protocol/probe-words.ts'
import type { Shape } from './series-shapes.ts'

export const BOOT_TIME = 'node_boot_time_seconds'
export const SNMP_UP = 'snmp_up'
export const ADMIN_STATUS = 'interface_admin_status'
export const OPER_STATUS = 'interface_oper_status'

const LOOKED_AT: ReadonlySet<string> = new Set([
  ...[PROBE_METRICS.up, PROBE_METRICS.selfOk],
  ...[BOOT_TIME, SNMP_UP, ADMIN_STATUS, OPER_STATUS],
])

/** Their places in a shape: few or none, and the same ones in thousands of batches. */
export function createLookedAt(): (shape: Shape) => readonly number[] {
  const known = new WeakMap<Shape, readonly number[]>()
  return shape => {
    const places = known.get(shape)
    if (places !== undefined) return places
    const found = shape.series.flatMap(({ metric }, place) => (LOOKED_AT.has(metric) ? [place] : []))
    known.set(shape, found)
    return found
  }
}
