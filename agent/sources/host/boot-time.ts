import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'

/** When the machine was started, in Unix seconds: "btime" of proc_stat(5). */
export function parseBootTime(stat: string): Gauge {
  const match = /^btime (\d+)$/m.exec(stat)
  if (match === null) throw new Error('/proc/stat has no line btime')
  return { metric: 'node_boot_time_seconds', value: Number(match[1]) }
}

export function createBootTimeSource(deps: { procRoot: string }): Source {
  const file = createKernelFile(join(deps.procRoot, 'stat'))
  return {
    name: 'boot-time',
    async read() {
      return { gauges: [parseBootTime(file.read())] }
    },
  }
}
