import { byUrgency } from '../../../protocol/incident-order.ts'
import type { IncidentSummary } from '../../../protocol/incident-views.ts'
import type { WallPatch } from '../../../protocol/live.ts'
import type { ServerTile, WallView } from '../../../protocol/wall-views.ts'

export type WallMessage = { kind: 'snapshot'; wall: WallView } | { kind: 'patch'; patch: WallPatch }

export type WallState = {
  wall: WallView | null
  /** The newest thing the collector is known to have said: what the wall must reach to be true. */
  heard: { epoch: string; seq: number } | null
}

export const EMPTY_WALL: WallState = { wall: null, heard: null }

/** True when something was missed, so that only a snapshot helps. */
export function isBehind(state: WallState): boolean {
  if (state.wall === null || state.heard === null) return true
  return state.heard.epoch !== state.wall.epoch || state.heard.seq > state.wall.seq
}

/**
 * The wall after one message. A patch counts only on top of (epoch, seq - 1); a repeated one changes nothing, and one
 * that came over a hole is remembered as heard, so that `isBehind` asks for a snapshot.
 */
export function reduceWall(state: WallState, message: WallMessage): WallState {
  return message.kind === 'snapshot' ? takeSnapshot(state, message.wall) : takePatch(state, message.patch)
}

function takeSnapshot(state: WallState, wall: WallView): WallState {
  const sameEpoch = state.wall !== null && state.wall.epoch === wall.epoch
  // An old snapshot that was overtaken must not wind the wall back.
  if (sameEpoch && state.wall !== null && wall.seq < state.wall.seq) return state
  const heard =
    state.heard !== null && state.heard.epoch === wall.epoch && state.heard.seq > wall.seq
      ? state.heard
      : { epoch: wall.epoch, seq: wall.seq }
  return { wall, heard }
}

function takePatch(state: WallState, patch: WallPatch): WallState {
  const { wall } = state
  const said = { epoch: patch.epoch, seq: patch.seq }
  if (wall === null || wall.epoch !== patch.epoch) return { wall, heard: said }
  if (patch.seq <= wall.seq) return state
  const heard =
    state.heard !== null && state.heard.epoch === patch.epoch && state.heard.seq > patch.seq ? state.heard : said
  if (patch.seq !== wall.seq + 1) return { wall, heard }
  return {
    wall: {
      epoch: wall.epoch,
      seq: patch.seq,
      at: patch.at,
      servers: patchServers(wall.servers, patch),
      incidents: patchIncidents(wall.incidents, patch.incidents),
    },
    heard,
  }
}

/** Tiles that did not change keep their identity, and an empty beat keeps the list's. */
function patchServers(servers: ServerTile[], patch: WallPatch): ServerTile[] {
  if (patch.servers.length === 0 && patch.removed.length === 0) return servers
  const removed = new Set(patch.removed)
  const changed = new Map(patch.servers.map(server => [server.id, server]))
  const kept = servers.filter(server => !removed.has(server.id)).map(server => changed.get(server.id) ?? server)
  const known = new Set(servers.map(server => server.id))
  return [...kept, ...patch.servers.filter(server => !known.has(server.id) && !removed.has(server.id))]
}

function patchIncidents(incidents: IncidentSummary[], told: WallPatch['incidents']): IncidentSummary[] {
  if (told === undefined) return incidents
  const old = new Set([...told.gone, ...told.changed.map(({ id }) => id)])
  return [...incidents.filter(({ id }) => !old.has(id)), ...told.changed].sort(byUrgency)
}
