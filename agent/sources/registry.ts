import type { Clock } from '../platform/clock.ts'
import type { SpoolStats } from '../spool/spool.ts'
import { createAgentSelfSource } from './agent-self.ts'
import { createBootTimeSource } from './host/boot-time.ts'
import { createCpuSource } from './host/cpu.ts'
import { createFilesystemSource } from './host/filesystem.ts'
import { createLoadSource } from './host/load.ts'
import { createMemorySource } from './host/memory.ts'
import { createNetworkSource } from './host/network.ts'
import type { Source } from './source.ts'

export type SourceDeps = {
  /** "/proc" and "/sys", or recorded trees in their place. */
  procRoot: string
  sysRoot: string
  clock: Clock
  mountDeadlineMs: number
  spoolStats: () => SpoolStats
  skewMs: () => number | undefined
}

/** All sources that are read with each tick, a line each. Facts have their own rhythm: see facts/. */
export function createSources(deps: SourceDeps): Source[] {
  return [
    createCpuSource(deps),
    createMemorySource(deps),
    createLoadSource(deps),
    createBootTimeSource(deps),
    createFilesystemSource(deps),
    createNetworkSource(deps),
    createAgentSelfSource(deps),
  ]
}
