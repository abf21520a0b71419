// Messages on the live socket (socket.io, path /live). The page's session cookie is checked at the handshake.

import type { IncidentSummary } from './incident-views.ts'
import type { ServerFigures } from './server-views.ts'
import type { Labels } from './shapes.ts'
import type { ServerTile, WallView } from './wall-views.ts'

/** What changed on the wall. Applies only on top of (epoch, seq - 1); otherwise the page asks for a snapshot. */
export type WallPatch = {
  epoch: string
  seq: number
  at: number
  servers: ServerTile[]
  removed: string[]
  /** Of the open and acknowledged incidents: those that came or changed, and the ids of those that are settled. */
  incidents?: { changed: IncidentSummary[]; gone: string[] }
}

/** New samples of a server that a page looks at, and what its tables tell after them; null where no agent speaks for it. */
export type LiveSamples = {
  serverId: string
  figures: ServerFigures | null
  series: { metric: string; labels: Labels; points: [at: number, value: number][] }[]
}

export type ServerToPage = {
  snapshot: (wall: WallView) => void
  patch: (patch: WallPatch) => void
  samples: (samples: LiveSamples) => void
  /** The record of this server changed (state, verdict, incident, fact): read its view again. */
  'server-changed': (change: { serverId: string }) => void
  /** A device or link that is probed is not as it was, or the topology or a maintenance changed: read what is shown again. */
  'network-changed': () => void
  /** Something that backups and recovery centres rest on is not as it was: read what is shown again. */
  'backups-changed': () => void
  /** A record of a register, a setting or a verdict on a duty is not as it was: read what is shown again. */
  'duties-changed': () => void
  /** The session ended or lost its rights. */
  'signed-out': () => void
}

export type PageToServer = {
  /** Join or leave the wall's room; a snapshot answers each `true`. */
  'watch-wall': (on: boolean) => void
  /** Join the room of one server and leave any other; null leaves. */
  'watch-server': (serverId: string | null) => void
}

/** An empty patch comes at least this often, so a page knows at once when the line is dead. */
export const LIVE_BEAT_MS = 2_000
export const LIVE_PATH = '/live'
