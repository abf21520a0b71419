// The wall as it is at this moment, from what is in memory; incidents are read again only when one changed.
import type { IncidentSummary, ServerTile } from '../../protocol/views.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { listActiveIncidents } from '../incidents/incident-queries.ts'
import type { Roster } from '../inventory/roster.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { createStateClock, type StateClock } from './state-clock.ts'
import { tileOf } from './tile.ts'

export type Wall = {
  /** All tiles in the order of their names. */
  tiles(at: number): ServerTile[]
  tile(serverId: string, at: number): ServerTile | null
  incidents(): IncidentSummary[]
  /** Reads the active incidents again. */
  refreshIncidents(): Promise<void>
}

export async function createWall(deps: {
  records: Records
  roster: Roster
  current: CurrentValues
  board: StateBoard
  now: () => number
}): Promise<Wall> {
  const clock: StateClock = createStateClock()
  let incidents: IncidentSummary[] = []
  let incidentsBySubject = new Map<string, IncidentSummary[]>()

  async function refreshIncidents(): Promise<void> {
    incidents = await listActiveIncidents(deps.records)
    incidentsBySubject = Map.groupBy(incidents, incident => incident.subject.id)
  }

  function tile(serverId: string, at: number): ServerTile | null {
    const server = deps.roster.get(serverId)
    if (server === undefined) return null
    const drawn = tileOf({
      at,
      server,
      current: deps.current,
      incidents: incidentsBySubject.get(serverId) ?? [],
      stateSince: null,
    })
    // What probes decide on is as they say, and who is cut off is not to blame.
    const standing = deps.board.standing(serverId, at)
    if (standing !== null && standing.state !== 'unknown' && !(standing.state === 'up' && drawn.state === 'degraded')) {
      return { ...drawn, state: standing.state, stateSince: standing.since }
    }
    if (drawn.state !== 'up' && deps.board.isCutOff(serverId, at)) drawn.state = 'unreachable'
    return { ...drawn, stateSince: clock.since(serverId, drawn.state, drawn.lastSampleAt, at) }
  }

  await refreshIncidents()
  return {
    tiles: at =>
      deps.roster
        .all()
        .sort((left, right) => left.name.localeCompare(right.name) || (left.id < right.id ? -1 : 1))
        .flatMap(server => tile(server.id, at) ?? []),
    tile,
    incidents: () => incidents,
    refreshIncidents,
  }
}
