import type { IncidentSummary } from '../../protocol/incident-views.ts'
import type { ServerTile } from '../../protocol/wall-views.ts'

export const NOON = Date.UTC(2026, 10, 22, 5, 0, 0)

/** A healthy server that delivered a second ago. */
export function aTile(id: string, changes: Partial<ServerTile> = {}): ServerTile {
  return {
    id,
    slug: id,
    name: id,
    kind: 'server',
    state: 'up',
    stateSince: NOON - 3_600_000,
    lastSampleAt: NOON - 1_000,
    intervalMs: 10_000,
    isReached: false,
    inMaintenance: false,
    isPolled: false,
    simulated: false,
    ports: null,
    cpuRatio: 0.2,
    memoryRatio: 0.4,
    fullestFilesystem: { mountpoint: '/', usedRatio: 0.5 },
    openIncidents: 0,
    acknowledgedIncidents: 0,
    worstSeverity: null,
    ...changes,
  }
}

export function anIncident(number: number, changes: Partial<IncidentSummary> = {}): IncidentSummary {
  return {
    id: `incident-${number}`,
    number,
    state: 'open',
    severity: 'high',
    kind: 'fault',
    ruleId: 'filesystem-fill',
    title: { id: 'Sistem berkas hampir penuh', en: 'Filesystem almost full' },
    subject: { id: 'a', name: 'a' },
    part: '',
    openedAt: NOON - number,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    value: 0.97,
    threshold: 0.95,
    unit: 'ratio',
    ...changes,
  }
}
