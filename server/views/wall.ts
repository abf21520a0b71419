// The wall as it is at this moment, from what is in memory; incidents are read again only when one changed.
import type { IncidentSummary, ServerTile } from '../../protocol/views.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { listActiveIncidents } from '../incidents/incident-queries.ts'
import type { Roster, Server } from '../inventory/roster.ts'
import type { CurrentValues } from '../stores/current-values.ts'
import type { Records } from '../stores/records/records.ts'
import { createStateClock, type StateClock } from './state-clock.ts'
import { stateOf, tileOf } from './tile.ts'

export type Wall = {
  /** All tiles in the order of their names. */
  tiles(at: number): ServerTile[]
  tile(serverId: string, at: number): ServerTile | null
  /** Servers whose state is another one than when their tile was looked at last: silence says nothing by itself. */
  turned(at: number): string[]
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
  const byName = new Intl.Collator().compare
  let order: Server[] = []
  let orderRevision = -1
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

  /** By name. Sorting thousands of names takes longer than a wall may wait. */
  function inOrder(): Server[] {
    if (orderRevision === deps.roster.revision()) return order
    orderRevision = deps.roster.revision()
    order = deps.roster.all().sort((left, right) => byName(left.name, right.name) || (left.id < right.id ? -1 : 1))
    return order
  }

  await refreshIncidents()
  return {
    tiles: at => inOrder().flatMap(server => tile(server.id, at) ?? []),
    tile,
    turned: at =>
      inOrder().flatMap(server => {
        const state = stateOf(server, incidentsBySubject.get(server.id) ?? [], at)
        return state === clock.last(server.id) ? [] : [server.id]
      }),
    incidents: () => incidents,
    refreshIncidents,
  }
}
