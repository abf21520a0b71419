// The wall as it is at this moment, from what is in memory; incidents are read again only when one changed.
import type { IncidentSummary } from '../../protocol/incident-views.ts'
import type { SubjectState } from '../../protocol/vocabulary.ts'
import type { ServerTile } from '../../protocol/wall-views.ts'
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
  /** Servers that stand otherwise than in the tile that pages were told: silence says nothing by itself, nor does the clock. */
  turned(at: number, told: (serverId: string) => ServerTile | undefined): string[]
  incidents(): IncidentSummary[]
  /** Reads the active incidents again. */
  refreshIncidents(): Promise<void>
}

type Standing = { state: SubjectState; since: number | null; isReached: boolean }

export async function createWall(deps: {
  records: Records
  roster: Roster
  current: CurrentValues
  board: StateBoard
  now: () => number
}): Promise<Wall> {
  const clock: StateClock = createStateClock()
  const byName = new Intl.Collator().compare
  let order: readonly Server[] = []
  let orderRevision = -1
  let incidents: IncidentSummary[] = []
  let incidentsBySubject = new Map<string, IncidentSummary[]>()

  const incidentsOf = (id: string): readonly IncidentSummary[] => incidentsBySubject.get(id) ?? []

  async function refreshIncidents(): Promise<void> {
    incidents = await listActiveIncidents(deps.records)
    incidentsBySubject = Map.groupBy(incidents, incident => incident.subject.id)
  }

  /** What probes decide on is as they say, and who is cut off is not to blame. `since` where the probes know it. */
  function standingOf(server: Server, at: number): Standing {
    const probed = deps.board.standing(server.id, at)
    const told = stateOf(server, incidentsOf(server.id), at)
    const isReached = probed?.state === 'up'
    // Reached, and yet an incident stands open or its poller asks in vain.
    if (isReached && (told === 'degraded' || told === 'down')) return { state: 'degraded', since: null, isReached }
    if (probed !== null && probed.state !== 'unknown') return { ...probed, isReached }
    const isCutOff = told !== 'up' && deps.board.isCutOff(server.id, at)
    return { state: isCutOff ? 'unreachable' : told, since: null, isReached }
  }

  function tile(serverId: string, at: number): ServerTile | null {
    const server = deps.roster.get(serverId)
    if (server === undefined) return null
    const { state, since, isReached } = standingOf(server, at)
    const drawn = tileOf({ server, current: deps.current, incidents: incidentsOf(serverId) })
    const turnedAt = clock.since(serverId, state, drawn.lastSampleAt, at)
    const inMaintenance = deps.board.inMaintenance(serverId, at)
    return { ...drawn, state, stateSince: since ?? turnedAt, isReached, inMaintenance }
  }

  /** By name. Sorting thousands of names takes longer than a wall may wait. */
  function inOrder(): readonly Server[] {
    if (orderRevision === deps.roster.revision()) return order
    orderRevision = deps.roster.revision()
    order = deps.roster.all().toSorted((left, right) => byName(left.name, right.name) || (left.id < right.id ? -1 : 1))
    return order
  }

  await refreshIncidents()
  return {
    tiles: at => inOrder().flatMap(server => tile(server.id, at) ?? []),
    tile,
    turned(at, told) {
      const found: string[] = []
      for (const server of inOrder()) {
        const tile = told(server.id)
        const isAsTold =
          tile?.state === standingOf(server, at).state && tile.inMaintenance === deps.board.inMaintenance(server.id, at)
        if (!isAsTold) found.push(server.id)
      }
      return found
    },
    incidents: () => incidents,
    refreshIncidents,
  }
}
