import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Counter, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'

/**
 * Columns of the "cpu" line of proc_stat(5). The two after these, guest and guest_nice, are contained in user and nice
 * already, so they are left out.
 */
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const
type Mode = (typeof MODES)[number]

/** USER_HZ: the kernel shows ticks of 1/100 s to programs on every architecture that Pantau runs on. */
const TICKS_PER_SECOND = 100

export type CpuTicks = Record<Mode, bigint>

/** Ticks by mode, summed over all CPUs. Throws when the text has no such line. */
export function parseCpuTicks(stat: string): CpuTicks {
  const line = stat.split('\n', 1)[0] ?? ''
  const [name, ...columns] = line.trim().split(/\s+/)
  if (name !== 'cpu' || columns.length < 4 || !columns.every(column => /^\d+$/.test(column))) {
    throw new Error('the first line of /proc/stat is not that of all CPUs')
  }
  // Old kernels have fewer columns; what they do not count is 0.
  const at = (index: number): bigint => BigInt(columns[index] ?? '0')
  const [user, nice, system, idle, iowait, irq, softirq, steal] = [
    at(0),
    at(1),
    at(2),
    at(3),
    at(4),
    at(5),
    at(6),
    at(7),
  ]
  return { user, nice, system, idle, iowait, irq, softirq, steal }
}

/**
 * idle, iowait and steal can step back a little (proc_stat(5) says so of iowait), which is no reset: hold their highest
 * value so that the shares still add up. When the sum of all falls, it is one, and the new values stand.
 */
export function holdHighMarks(before: CpuTicks | undefined, now: CpuTicks): CpuTicks {
  if (before === undefined) return now
  const sum = (ticks: CpuTicks): bigint => MODES.reduce((total, mode) => total + ticks[mode], 0n)
  if (sum(now) < sum(before)) return now
  const held = { ...now }
  for (const mode of MODES) if (held[mode] < before[mode]) held[mode] = before[mode]
  return held
}

/** node_cpu_seconds_total{mode}: CPU seconds of all CPUs together. */
export function createCpuSource(deps: { procRoot: string; clock: Clock }): Source {
  const file = createKernelFile(join(deps.procRoot, 'stat'))
  let ticks: CpuTicks | undefined
  return {
    name: 'cpu',
    async read() {
      const text = file.read()
      const readAtMs = deps.clock.monotonicMs()
      const held = holdHighMarks(ticks, parseCpuTicks(text))
      ticks = held
      const items = MODES.map(
        (mode): Counter => ({
          metric: 'node_cpu_seconds_total',
          labels: { mode },
          group: 'cpu',
          total: held[mode],
          unitsPerOne: TICKS_PER_SECOND,
        }),
      )
      return { gauges: [], counters: { readAtMs, items } }
    },
  }
}
