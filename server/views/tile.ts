import type { IncidentSummary } from '../../protocol/incident-views.ts'
import { SEVERITIES, type Severity, type SubjectState } from '../../protocol/vocabulary.ts'
import type { ServerTile } from '../../protocol/wall-views.ts'
import { subjectStateOf } from '../availability/subject-state.ts'
import { hearingOf, type Server } from '../inventory/roster.ts'
import { newestByMountpoint, usedRatioOf } from '../rules/measures/filesystem-used-ratio.ts'
import type { CurrentValue, CurrentValues } from '../stores/current-values.ts'

/** The rhythm that is assumed of a server which has not said its own yet. */
const DEFAULT_INTERVAL_MS = 10_000

export type Filesystem = {
  mountpoint: string
  fstype: string
  sizeBytes: number
  availBytes: number
  usedRatio: number
}

/** Its state at this moment. Pure. */
export function stateOf(server: Server, incidents: readonly IncidentSummary[], at: number): SubjectState {
  const hearing = hearingOf(server)
  return subjectStateOf({
    at,
    lastHeardAt: hearing?.lastHeardAt ?? null,
    // Before the first round nobody has asked yet.
    listenedUntil: server.poll?.lastPolledAt ?? null,
    intervalMs: hearing?.intervalMs ?? DEFAULT_INTERVAL_MS,
    worstSeverity: worstOf(incidents),
  })
}

function worstOf(incidents: readonly IncidentSummary[]): Severity | null {
  if (incidents.length === 0) return null
  return SEVERITIES.find(severity => incidents.some(incident => incident.severity === severity)) ?? null
}

/** One server as the wall shows it, without its state. Pure. */
export function tileOf(input: {
  server: Server
  current: CurrentValues
  /** Active incidents of this server. */
  incidents: readonly IncidentSummary[]
}): Omit<ServerTile, 'state' | 'stateSince' | 'isReached' | 'inMaintenance'> {
  const { server, current, incidents } = input
  const hearing = hearingOf(server)
  const open = incidents.filter(incident => incident.state === 'open').length
  const fullest = filesystemsOf(server.id, current)[0]
  return {
    id: server.id,
    slug: server.slug,
    name: server.name,
    kind: server.kind,
    lastSampleAt: hearing?.lastHeardAt ?? null,
    intervalMs: hearing?.intervalMs ?? DEFAULT_INTERVAL_MS,
    isPolled: server.poll !== null,
    simulated: server.poll?.simulated ?? false,
    cpuRatio: cpuRatioOf(server.id, current),
    memoryRatio: memoryRatioOf(server.id, current),
    fullestFilesystem:
      fullest === undefined ? null : { mountpoint: fullest.mountpoint, usedRatio: round(fullest.usedRatio) },
    ports: portsOf(server.id, current),
    openIncidents: open,
    acknowledgedIncidents: incidents.length - open,
    worstSeverity: worstOf(incidents),
  }
}

/** Filesystems of the newest reading, fullest first. */
export function filesystemsOf(serverId: string, current: CurrentValues): Filesystem[] {
  const newest = (metric: string) => newestByMountpoint(newestReading(current.of(serverId, metric)))
  const free = newest('node_filesystem_free_bytes')
  const available = newest('node_filesystem_avail_bytes')
  return [...newest('node_filesystem_size_bytes')]
    .flatMap(([mountpoint, { labels, value: sizeBytes }]) => {
      const freeBytes = free.get(mountpoint)?.value
      const availBytes = available.get(mountpoint)?.value
      if (freeBytes === undefined || availBytes === undefined) return []
      const usedRatio = usedRatioOf({ sizeBytes, freeBytes, availBytes })
      if (usedRatio === null) return []
      return [{ mountpoint, fstype: labels.fstype ?? '', sizeBytes, availBytes, usedRatio }]
    })
    .sort((left, right) => right.usedRatio - left.usedRatio || (left.mountpoint < right.mountpoint ? -1 : 1))
}

/** Values of the same tick as the newest one: what is missing there is not there any more. */
export function newestReading(values: readonly CurrentValue[]): CurrentValue[] {
  const newestAt = Math.max(...values.map(value => value.at))
  return values.filter(value => value.at === newestAt)
}

/** Busy share of all CPUs: everything but idle and waiting for I/O. */
function cpuRatioOf(serverId: string, current: CurrentValues): number | null {
  const modes = newestReading(current.of(serverId, 'node_cpu_seconds_per_second'))
  const total = modes.reduce((sum, mode) => sum + mode.value, 0)
  if (total <= 0) return routerCpuRatioOf(serverId, current)
  const idle = modes
    .filter(mode => mode.labels.mode === 'idle' || mode.labels.mode === 'iowait')
    .reduce((sum, mode) => sum + mode.value, 0)
  return round(Math.min(1, Math.max(0, 1 - idle / total)))
}

/** A router may tell the share ready-made. */
function routerCpuRatioOf(serverId: string, current: CurrentValues): number | null {
  const ratio = current.of(serverId, 'router_cpu_used_ratio')[0]?.value
  return ratio === undefined ? null : round(ratio)
}

function memoryRatioOf(serverId: string, current: CurrentValues): number | null {
  const total = current.of(serverId, 'node_memory_MemTotal_bytes')[0]?.value
  const available = current.of(serverId, 'node_memory_MemAvailable_bytes')[0]?.value
  if (total === undefined || available === undefined || total <= 0) return null
  return round(Math.min(1, Math.max(0, 1 - available / total)))
}

function portsOf(serverId: string, current: CurrentValues): ServerTile['ports'] {
  const oper = newestReading(current.of(serverId, 'interface_oper_status'))
  return oper.length === 0 ? null : { up: oper.filter(({ value }) => value === 1).length, total: oper.length }
}

/** Three digits are more than a wall can show; without rounding each patch would carry noise. */
function round(ratio: number): number {
  return Math.round(ratio * 1000) / 1000
}
