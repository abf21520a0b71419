import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'

/** Load over 1, 5 and 15 minutes from proc_loadavg(5). */
export function parseLoad(text: string): Gauge[] {
  const match = /^(\d+(?:\.\d+)?) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)(?: |$)/.exec(text)
  if (match === null) throw new Error('/proc/loadavg does not begin with three numbers')
  return ['node_load1', 'node_load5', 'node_load15'].map((metric, index) => ({
    metric,
    value: Number(match[index + 1]),
  }))
}

export function createLoadSource(deps: { procRoot: string }): Source {
  const file = createKernelFile(join(deps.procRoot, 'loadavg'))
  return {
    name: 'load',
    async read() {
      return { gauges: parseLoad(file.read()) }
    },
  }
}
