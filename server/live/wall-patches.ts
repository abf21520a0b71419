// The wall as it was last told, and what is different now. Pages apply patches one upon the other by number.
import type { WallPatch } from '../../protocol/live.ts'
import type { WallView } from '../../protocol/views.ts'
import type { Wall } from '../views/wall.ts'

export type WallPatches = {
  /** The wall as all pages have it after the last patch. */
  snapshot(at: number): WallView
  /** What changed since the last patch; null when nothing did. */
  next(at: number): WallPatch | null
  /** A patch that changes nothing: it only says that the line is alive. */
  beat(at: number): WallPatch
}

export function createWallPatches(deps: { epoch: string; wall: Pick<Wall, 'tiles' | 'incidents'> }): WallPatches {
  const { epoch } = deps
  let seq = 0
  let told = new Map<string, { text: string; tile: WallView['servers'][number] }>()
  let toldIncidents = '[]'
  let incidents: WallView['incidents'] = []

  function next(at: number): WallPatch | null {
    const now = new Map(deps.wall.tiles(at).map(tile => [tile.id, { tile, text: JSON.stringify(tile) }]))
    const servers = [...now.values()]
      .filter(({ tile, text }) => told.get(tile.id)?.text !== text)
      .map(({ tile }) => tile)
    const removed = [...told.keys()].filter(id => !now.has(id))
    const currentIncidents = deps.wall.incidents()
    const incidentsText = JSON.stringify(currentIncidents)
    const incidentsChanged = incidentsText !== toldIncidents
    if (servers.length === 0 && removed.length === 0 && !incidentsChanged) return null
    told = now
    toldIncidents = incidentsText
    incidents = currentIncidents
    seq += 1
    return { epoch, seq, at, servers, removed, ...(incidentsChanged ? { incidents } : {}) }
  }

  return {
    snapshot: at => ({ epoch, seq, at, servers: [...told.values()].map(({ tile }) => tile), incidents }),
    next,
    beat: at => {
      seq += 1
      return { epoch, seq, at, servers: [], removed: [] }
    },
  }
}
