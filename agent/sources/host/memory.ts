import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { createKernelFile } from './kernel-file.ts'

const FIELDS = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree']

/** node_memory_<field>_bytes from proc_meminfo(5), which counts in KiB. A field that the kernel lacks is left out. */
export function parseMemory(meminfo: string): Gauge[] {
  const gauges: Gauge[] = []
  for (const field of FIELDS) {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(meminfo)
    if (match !== null) gauges.push({ metric: `node_memory_${field}_bytes`, value: BigInt(match[1] ?? 0) * 1024n })
    else if (field === 'MemTotal') throw new Error('/proc/meminfo has no line MemTotal')
  }
  return gauges
}

export function createMemorySource(deps: { procRoot: string }): Source {
  const file = createKernelFile(join(deps.procRoot, 'meminfo'))
  return {
    name: 'memory',
    async read() {
      return { gauges: parseMemory(file.read()) }
    },
  }
}
