// The wall as it was last told, and what is different now. Pages apply patches one upon the other by number.

import type { IncidentSummary } from '../../protocol/incident-views.ts'
import type { WallPatch } from '../../protocol/live.ts'
import type { ServerTile, WallView } from '../../protocol/wall-views.ts'
import type { Wall } from '../views/wall.ts'

export type WallPatches = {
  /** The wall as all pages have it after the last patch. */
  snapshot(at: number): WallView
  /** The tile as pages have it; undefined of a server that they have none of. */
  told(serverId: string): ServerTile | undefined
  /** What changed since the last patch in these servers, or in all of them; null when nothing did. */
  next(at: number, serverIds?: Iterable<string>): WallPatch | null
  /** These changed while nobody looked: they are drawn for the next snapshot. */
  postpone(serverIds: Iterable<string>): void
  /** A patch that changes nothing: it only says that the line is alive. */
  beat(at: number): WallPatch
}

export function createWallPatches(deps: {
  epoch: string
  wall: Pick<Wall, 'tiles' | 'tile' | 'incidents'>
}): WallPatches {
  const { epoch, wall } = deps
  let seq = 0
  const told = new Map<string, { text: string; tile: ServerTile }>()
  const postponed = new Set<string>()
  // The list as it was looked at last, and what was told of each in it.
  let seenIncidents: IncidentSummary[] = []
  let toldIncidents = new Map<string, string>()

  function next(at: number, serverIds?: Iterable<string>): WallPatch | null {
    const servers: ServerTile[] = []
    const removed: string[] = []
    const look = (id: string, tile: ServerTile | null): void => {
      if (tile === null) {
        if (told.delete(id)) removed.push(id)
        return
      }
      const text = JSON.stringify(tile)
      if (told.get(id)?.text === text) return
      told.set(id, { text, tile })
      servers.push(tile)
    }
    if (serverIds === undefined) {
      const all = new Map(wall.tiles(at).map(tile => [tile.id, tile]))
      for (const id of [...told.keys()]) if (!all.has(id)) look(id, null)
      for (const [id, tile] of all) look(id, tile)
    } else {
      for (const id of new Set(serverIds)) look(id, wall.tile(id, at))
    }
    const incidents = incidentsIfChanged()
    if (servers.length === 0 && removed.length === 0 && incidents === null) return null
    seq += 1
    return { epoch, seq, at, servers, removed, ...(incidents === null ? {} : { incidents }) }
  }

  /** One that changed is told alone: with thousands open the whole list would be megabytes for each open page. */
  function incidentsIfChanged(): NonNullable<WallPatch['incidents']> | null {
    const list = wall.incidents()
    if (list === seenIncidents) return null
    const texts = new Map(list.map(incident => [incident.id, JSON.stringify(incident)]))
    const changed = list.filter(({ id }) => toldIncidents.get(id) !== texts.get(id))
    const gone = [...toldIncidents.keys()].filter(id => !texts.has(id))
    seenIncidents = list
    toldIncidents = texts
    return changed.length === 0 && gone.length === 0 ? null : { changed, gone }
  }

  return {
    snapshot(at) {
      // While somebody looks nothing is postponed, so nobody misses what is drawn here.
      if (postponed.size > 0) next(at, postponed)
      postponed.clear()
      return { epoch, seq, at, servers: [...told.values()].map(({ tile }) => tile), incidents: seenIncidents }
    },
    told: serverId => told.get(serverId)?.tile,
    next,
    postpone(serverIds) {
      for (const id of serverIds) postponed.add(id)
    },
    beat: at => {
      seq += 1
      return { epoch, seq, at, servers: [], removed: [] }
    },
  }
}
