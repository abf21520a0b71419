import type { SpoolStats } from '../spool/spool.ts'
import type { Source } from './source.ts'

/** What the agent costs and what it holds back, so that a person sees an agent in trouble before its data is gone. */
export function createAgentSelfSource(deps: {
  /** The first reading begins while the spool is still being opened. */
  spoolStats: () => SpoolStats | Promise<SpoolStats>
  /** Collector's clock minus ours; undefined until the collector has answered. */
  skewMs: () => number | undefined
  residentBytes?: () => number
}): Source {
  const residentBytes = deps.residentBytes ?? (() => process.memoryUsage.rss())
  return {
    name: 'agent',
    async read() {
      const { bytes, batches, dropped, recentlyDropped, rejected, disk, secondsLeft } = await deps.spoolStats()
      const skewMs = deps.skewMs()
      return {
        gauges: [
          { metric: 'pantau_agent_spool_bytes', value: bytes },
          { metric: 'pantau_agent_spool_batches', value: batches },
          { metric: 'pantau_agent_spool_dropped_batches', value: dropped },
          { metric: 'pantau_agent_spool_recently_dropped_batches', value: recentlyDropped },
          { metric: 'pantau_agent_spool_rejected_batches', value: rejected },
          { metric: 'pantau_agent_spool_disk_ok', value: disk === 'ok' ? 1 : 0 },
          ...(secondsLeft === undefined ? [] : [{ metric: 'pantau_agent_spool_seconds_left', value: secondsLeft }]),
          ...(skewMs === undefined ? [] : [{ metric: 'pantau_agent_clock_skew_seconds', value: skewMs / 1_000 }]),
          { metric: 'pantau_agent_resident_memory_bytes', value: residentBytes() },
        ],
      }
    },
  }
}
