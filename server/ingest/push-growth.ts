// From raw counters of a router to what the wire carries: growth and the time over which it grew. Pure. Where a counter
// can't be followed there is no growth: a gap is honest, a spike is not.
import type { WireSeries } from '../../protocol/batch.ts'
import type { PushReport } from './push-text.ts'

/** What is kept between two pushes. Counters as digits: they go beyond 2^53. */
export type PushState = {
  uptimeMs: number
  counters: Record<string, { value: string; index: string | null }>
}

const LEAST_MS = 1_000
const WRAP = 2n ** 32n
const METRICS: Record<string, string> = {
  rx_bytes: 'node_network_receive_bytes_total',
  tx_bytes: 'node_network_transmit_bytes_total',
  rx_packets: 'node_network_receive_packets_total',
  tx_packets: 'node_network_transmit_packets_total',
  rx_errors: 'node_network_receive_errs_total',
  tx_errors: 'node_network_transmit_errs_total',
}

/**
 * Series of one push, all at `at` (UTC ms). `again` when the router says the same a second time: its first answer was lost.
 * After a restart (its uptime ran back) counters begin anew and nothing has grown yet.
 */
export function seriesOfPush(
  before: PushState | null,
  report: PushReport,
  at: number,
): { kind: 'again' } | { kind: 'series'; series: WireSeries[]; state: PushState } {
  if (before !== null && before.uptimeMs === report.uptimeMs) return { kind: 'again' }
  const overMs = before === null ? 0 : report.uptimeMs - before.uptimeMs
  const series = gauges(report, at)
  const state: PushState = { uptimeMs: report.uptimeMs, counters: {} }

  function follow(key: string, value: bigint, index: string | null): bigint | null {
    state.counters[key] = { value: String(value), index }
    const last = before === null || overMs < LEAST_MS ? undefined : before.counters[key]
    return last === undefined || last.index !== index ? null : grown(BigInt(last.value), value, index !== null)
  }
  const add = (metric: string, labels: Record<string, string>, growth: number | string) =>
    series.push({ kind: 'delta', metric, labels, points: [[at, growth, overMs]] })

  for (const [mode, ticks] of report.cpuTicks) {
    const growth = follow(`cpu:${mode}`, ticks, null)
    if (growth !== null) add('node_cpu_seconds_total', { cpu: 'all', mode }, Number(growth) / 100)
  }
  for (const { device, index, counters } of report.interfaces) {
    for (const [name, value] of counters) {
      const growth = follow(`if:${device}:${name}`, value, index)
      const metric = METRICS[name]
      if (growth !== null && metric !== undefined) add(metric, { device }, wireNumber(growth))
    }
  }
  return { kind: 'series', series, state }
}

/**
 * Null where it can't be told. A counter that shrank while the router ran on is one of 32 bits that wrapped, or one that
 * began anew; it wrapped when it is surely the same interface, was in its upper half, and is now in its lower one.
 */
function grown(last: bigint, value: bigint, sameInterface: boolean): bigint | null {
  if (value >= last) return value - last
  const wrapped = sameInterface && last < WRAP && last >= WRAP / 2n && value < WRAP / 2n
  return wrapped ? value + WRAP - last : null
}

function gauges(report: PushReport, at: number): WireSeries[] {
  const found: [string, number | null][] = [
    // To whole seconds: the router's clock and ours tick differently, and this is no news each minute.
    ['node_boot_time_seconds', Math.round((at - report.uptimeMs) / 1000)],
    ['router_cpu_used_ratio', report.cpuUsedRatio],
    ['node_memory_MemTotal_bytes', report.memoryTotalBytes],
    ['node_memory_MemAvailable_bytes', report.memoryAvailableBytes],
  ]
  return found.flatMap(([metric, value]) => (value === null ? [] : [{ kind: 'gauge', metric, points: [[at, value]] }]))
}

function wireNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)
}
