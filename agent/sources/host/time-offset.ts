import { findProgram } from '../../platform/find-program.ts'
import { runProgram } from '../../platform/run-program.ts'
import type { Gauge, Source } from '../source.ts'

/**
 * `chronyc -c tracking`: comma-separated; field 5 is how far the clock is from the time of the servers, in seconds,
 * above zero when it is ahead; the last field is the leap status.
 */
export function parseTracking(output: string): { offsetS: number; isSynchronised: boolean } {
  const fields = output.trim().split(',')
  const [offset, status] = [fields[4], fields.at(-1)]
  if (fields.length < 14 || offset === undefined || !/^-?\d+\.\d+$/.test(offset)) {
    throw new Error('chronyc answers in an unknown form')
  }
  return { offsetS: Number(offset), isSynchronised: status !== 'Not synchronised' }
}

/** `timedatectl show -p NTPSynchronized --value`: it tells whether, not how far. */
export function parseTimedatectl(output: string): boolean {
  const answer = output.trim()
  if (answer !== 'yes' && answer !== 'no') throw new Error('timedatectl answers in an unknown form')
  return answer === 'yes'
}

/**
 * How far the clock is off by what keeps it on this machine: node_timex_offset_seconds and node_timex_sync_status with
 * the label `by`. Not offered where nothing answers; pantau_agent_clock_skew_seconds then still tells the distance to
 * the collector, which needs no program at all.
 */
export function createTimeOffsetSource(deps: {
  everyMs: number
  chronyc?: readonly string[]
  timedatectl?: readonly string[]
}): Source {
  const withinMs = 10_000
  const ask = async (program: string, args: string[], signal: AbortSignal): Promise<string | undefined> => {
    const { code, output } = await runProgram(program, args, { withinMs, longestOutputBytes: 64 * 1024, signal })
    return code === 0 ? output : undefined
  }
  const gauges = (by: string, offsetS: number | undefined, isSynchronised: boolean): Gauge[] => [
    ...(offsetS === undefined ? [] : [{ metric: 'node_timex_offset_seconds', labels: { by }, value: offsetS }]),
    { metric: 'node_timex_sync_status', labels: { by }, value: isSynchronised ? 1 : 0 },
  ]
  return {
    name: 'time-offset',
    rhythm: { everyMs: deps.everyMs, withinMs: 2 * withinMs + 1_000, firstAfterMs: 20_000 },
    async read(signal) {
      const chronyc = await findProgram(deps.chronyc ?? ['/usr/bin/chronyc'])
      // It fails where chrony is installed and does not run; then another may keep the time.
      const tracking = chronyc && (await ask(chronyc, ['-c', 'tracking'], signal))
      if (tracking !== undefined && tracking !== '') {
        const { offsetS, isSynchronised } = parseTracking(tracking)
        return { gauges: gauges('chrony', offsetS, isSynchronised) }
      }
      const timedatectl = await findProgram(deps.timedatectl ?? ['/usr/bin/timedatectl'])
      const shown = timedatectl && (await ask(timedatectl, ['show', '-p', 'NTPSynchronized', '--value'], signal))
      if (shown === undefined || shown === '') return 'not-offered'
      return { gauges: gauges('systemd', undefined, parseTimedatectl(shown)) }
    },
  }
}
