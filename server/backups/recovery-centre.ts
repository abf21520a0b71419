// What is known of a recovery centre at one moment: what stands there and answers, and how far behind is what is copied
// there. Pure: it is put together by who reads the rooms, and judged by who knows the duty.
import type { Urgency } from '../../protocol/backup-words.ts'
import type { SubjectState } from '../../protocol/vocabulary.ts'

/** A device that stands at the site, or a link that ends there. */
export type StandsThere = {
  id: string
  name: string
  kind: string
  /** Null where nothing watches it. */
  state: SubjectState | null
  /** Of a server: whether its heartbeat comes. Null for what is no server. */
  heartbeat: Heartbeat | null
}

/** `unknown`: the collector has not listened long enough to tell. `unwatched`: no agent and no poller speaks for it. */
export type Heartbeat = 'heard' | 'silent' | 'unknown' | 'unwatched'

/** Something that must be at the recovery centre: copies of a data set, or a stream that keeps a replica there. */
export type KeptThere = {
  what: 'dataset' | 'stream'
  id: string
  name: string
  /** A stream has no class: it is held to the limit of the most urgent data. */
  urgency: Urgency | null
  /** `late`: older than its class allows. `never`: it was looked for and none was found. `unknown`: nobody told anything. */
  found: 'copy' | 'late' | 'never' | 'unknown'
  /** How much time would be lost if the data centre were gone now; null where no copy was found. */
  lagMs: number | null
}

export type RecoveryCentre = {
  standsThere: readonly StandsThere[]
  keptThere: readonly KeptThere[]
}

/** Silence for less than this is a restart or a lost packet, not a lost centre. */
const SILENT_AFTER_MS = 5 * 60_000

/** Pure. `listeningSince`: since when the collector could have heard it. */
export function heartbeatOf(
  hearing: { lastHeardAt: number | null; since: number; evidenceLastsMs: number } | null,
  listeningSince: number,
  at: number,
): Heartbeat {
  if (hearing === null) return 'unwatched'
  const patienceMs = Math.max(SILENT_AFTER_MS, hearing.evidenceLastsMs)
  if (hearing.lastHeardAt !== null && at - hearing.lastHeardAt <= patienceMs) return 'heard'
  return at - Math.max(listeningSince, hearing.since) > patienceMs ? 'silent' : 'unknown'
}

export type Reach = 'answers' | 'silent' | 'unknown' | 'unwatched'

/** Whether anything at the site answers. One that does is enough; that all are cut off by others says nothing of the site. */
export function reachOf({ standsThere }: RecoveryCentre): Reach {
  const watched = standsThere.filter(({ state }) => state !== null)
  if (watched.length === 0) return 'unwatched'
  if (watched.some(({ state, heartbeat }) => state === 'up' || state === 'degraded' || heartbeat === 'heard')) {
    return 'answers'
  }
  return watched.some(({ state, heartbeat }) => state === 'down' || heartbeat === 'silent') ? 'silent' : 'unknown'
}

/** For comparing: what never came is behind all others, what nobody knows of before them. */
export function behindMs({ found, lagMs }: KeptThere): number {
  return found === 'never' ? Number.MAX_SAFE_INTEGER : (lagMs ?? -1)
}

/** The one that is farthest behind; null where nothing must be there. */
export function worstOf(kept: readonly KeptThere[]): KeptThere | null {
  return kept.toSorted((left, right) => behindMs(right) - behindMs(left))[0] ?? null
}
