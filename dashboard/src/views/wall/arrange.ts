import type { IncidentSummary } from '../../../../protocol/incident-views.ts'
import { SEVERITIES, type SubjectState } from '../../../../protocol/vocabulary.ts'
import type { ServerTile } from '../../../../protocol/wall-views.ts'
import { shownState } from '../../live/effective-state.ts'

/** Worst first. Silence ranks above what is merely slow: it may hide anything. */
export const STATES_WORST_FIRST = ['down', 'unreachable', 'unknown', 'degraded', 'maintenance', 'up'] as const

export type ShownTile = { tile: ServerTile; state: SubjectState }

const severityRank = (tile: ServerTile) =>
  tile.worstSeverity === null ? SEVERITIES.length : SEVERITIES.indexOf(tile.worstSeverity)

/**
 * Tiles in the order of the wall at an instant: worst state, worst incident, then name; the same input always gives the
 * same order, so a tile moves only when its own standing changes.
 */
export function arrangeTiles(servers: readonly ServerTile[], at: number): ShownTile[] {
  return servers
    .map(tile => ({ tile, state: shownState(tile, at) }))
    .sort(
      (a, b) =>
        STATES_WORST_FIRST.indexOf(a.state) - STATES_WORST_FIRST.indexOf(b.state) ||
        severityRank(a.tile) - severityRank(b.tile) ||
        a.tile.name.localeCompare(b.tile.name, 'en', { numeric: true }) ||
        (a.tile.id < b.tile.id ? -1 : 1),
    )
}

export function countStates(shown: readonly ShownTile[]): Record<SubjectState, number> {
  const counts: Record<SubjectState, number> = {
    up: 0,
    degraded: 0,
    down: 0,
    unreachable: 0,
    unknown: 0,
    maintenance: 0,
  }
  for (const { state } of shown) counts[state] += 1
  return counts
}

/** Every word of the filter must occur in the name or the slug. */
export function matchesFilter(tile: ServerTile, filter: string): boolean {
  const text = `${tile.name} ${tile.slug}`.toLowerCase()
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}

/** Worst severity, then what nobody has taken on yet, then newest. */
export function arrangeIncidents(incidents: readonly IncidentSummary[]): IncidentSummary[] {
  const standing = (incident: IncidentSummary) => (incident.state === 'open' ? 0 : 1)
  return [...incidents].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      standing(a) - standing(b) ||
      b.openedAt - a.openedAt ||
      b.number - a.number,
  )
}
