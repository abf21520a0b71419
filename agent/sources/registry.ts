import type { Clock } from '../platform/clock.ts'
import type { SpoolStats } from '../spool/spool.ts'
import { createAgentSelfSource } from './agent-self.ts'
import { createBootTimeSource } from './host/boot-time.ts'
import { createCertificatesSource } from './host/certificates.ts'
import { createCpuSource } from './host/cpu.ts'
import { createDiskSource } from './host/disk.ts'
import { createFilesystemSource, type FilesystemStatus } from './host/filesystem.ts'
import { createHwmonSource } from './host/hwmon.ts'
import { createLoadSource } from './host/load.ts'
import { createMdRaidSource } from './host/md-raid.ts'
import { createMemorySource } from './host/memory.ts'
import { createNetworkSource } from './host/network.ts'
import type { ProcessName } from './host/process-names.ts'
import { createProcessesSource } from './host/processes.ts'
import { createSmartSource } from './host/smart.ts'
import { createSystemdSource } from './host/systemd.ts'
import { createTimeOffsetSource } from './host/time-offset.ts'
import { createRebootRequiredSource, createUpdatesSource } from './host/updates.ts'
import { createUsersSource } from './host/users.ts'
import type { ProbeSource } from './probes/probe-source.ts'
import type { SnmpSource } from './snmp/snmp-source.ts'
import type { Source } from './source.ts'

export type SourceDeps = {
  /** "/proc", "/sys" and "/run", or recorded trees in their place. */
  procRoot: string
  sysRoot: string
  runRoot: string
  clock: Clock
  mountDeadlineMs: number
  askRemoteFilesystem: (path: string) => Promise<FilesystemStatus>
  spoolStats: () => SpoolStats | Promise<SpoolStats>
  skewMs: () => number | undefined
  processes: readonly ProcessName[]
  certificates: readonly string[]
  /** Made by whoever has their targets and tasks. */
  snmp: SnmpSource
  probes: ProbeSource
  backups: Source
}

/** What starts a program does so together with the facts, this rarely. */
const PROGRAMS_EVERY_MS = 6 * 3_600_000
const SYSTEMD_EVERY_MS = 5 * 60_000

/** All sources, a line each. Facts have their own way: see facts/. */
export function createSources(deps: SourceDeps): Source[] {
  return [
    createCpuSource(deps),
    createMemorySource(deps),
    createLoadSource(deps),
    createBootTimeSource(deps),
    createFilesystemSource({ ...deps, askRemote: deps.askRemoteFilesystem }),
    createDiskSource(deps),
    createNetworkSource(deps),
    createMdRaidSource(deps),
    createProcessesSource({ procRoot: deps.procRoot, names: deps.processes }),
    createAgentSelfSource(deps),
    deps.snmp,
    deps.probes,
    deps.backups,
    // Beside the ticks, in a rhythm of their own.
    createHwmonSource(deps),
    createUsersSource(deps),
    createRebootRequiredSource(deps),
    createCertificatesSource({ paths: deps.certificates, clock: deps.clock }),
    createSystemdSource({ runRoot: deps.runRoot, everyMs: SYSTEMD_EVERY_MS }),
    createTimeOffsetSource({ everyMs: PROGRAMS_EVERY_MS }),
    createUpdatesSource({ everyMs: PROGRAMS_EVERY_MS }),
    createSmartSource({ everyMs: PROGRAMS_EVERY_MS }),
  ]
}
