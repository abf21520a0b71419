import type { LinkView, SubjectStanding, TopologyView } from '../../protocol/links.ts'
import { sharedNow } from '../availability/shared-causes.ts'
import type { StateBoard } from '../availability/state-board.ts'
import { readProposedParents } from '../inventory/neighbour-queries.ts'
import { readEdges } from '../inventory/parent-queries.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import type { Wall } from './wall.ts'

const UNWATCHED = { state: 'unknown', since: null, inMaintenance: false } as const

/** All links that were not removed, by name, as they stand at `at`. */
export async function listLinks(deps: { records: Records; board: StateBoard }, at: number): Promise<LinkView[]> {
  const rows = await deps.records
    .selectFrom('link')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(row => {
    const standing = deps.board.standing(row.id, at)
    return {
      ...{ id: row.id, slug: row.slug, name: row.name, createdAt: row.created_at },
      ...{ peer: row.peer, peerName: row.peer_name, agencyId: row.agency_id, providerId: row.provider_id },
      ...{ contractNumber: row.contract_number, committedBps: row.committed_bps },
      near: { siteId: row.near_site_id, deviceId: row.near_device_id, interface: row.near_interface },
      far: { siteId: row.far_site_id, deviceId: row.far_device_id, interface: row.far_interface },
      ...{ address: row.address, calendarId: row.calendar_id },
      ...{ standing: standing ?? UNWATCHED, monitored: standing !== null },
    }
  })
}

/** Errors: `not-found`. */
export async function readLink(deps: { records: Records; board: StateBoard }, id: string, at: number) {
  const found = (await listLinks(deps, at)).find(link => link.id === id)
  if (found === undefined) throw new ProblemError('not-found', 'There is no link with this id')
  return found
}

/** Who is reached through whom, and the roots of what fails now. What no probe decides on stands as on the wall. */
export async function readTopology(
  deps: { records: Records; board: StateBoard; wall: Pick<Wall, 'tile'> },
  at: number,
): Promise<TopologyView> {
  const { board, wall } = deps
  const asOnTheWall = (id: string): SubjectStanding => {
    const tile = wall.tile(id, at)
    if (tile === null) return UNWATCHED
    return { state: tile.state, since: tile.stateSince, inMaintenance: board.inMaintenance(id, at) }
  }
  const shared = sharedNow(board, at)
  return {
    subjects: board
      .subjects()
      .map(({ id, slug, name, kind, agencyId, siteId }) => ({
        ...{ id, slug, name, kind, agencyId, siteId },
        standing: board.standing(id, at) ?? asOnTheWall(id),
      }))
      .sort((left, right) => left.name.localeCompare(right.name)),
    edges: await readEdges(deps.records, at),
    proposed: await readProposedParents(deps.records, at),
    roots: board.roots(at).map(id => ({
      id,
      cutOff: [...board.topology().cutOffBy(id)],
      shared: shared.filter(({ subjectIds }) => subjectIds.includes(id)),
    })),
  }
}
