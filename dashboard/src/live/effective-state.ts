import type { SubjectState } from '../../../protocol/vocabulary.ts'
import type { ServerTile } from '../../../protocol/wall-views.ts'

/** So many missed intervals and a figure speaks for nothing any more. */
export const STALE_INTERVALS = 3

/** True when the newest sample is too old (or none ever came) to show its figures as present. */
export function isStale(tile: Pick<ServerTile, 'lastSampleAt' | 'intervalMs'>, at: number): boolean {
  return tile.lastSampleAt === null || at - tile.lastSampleAt > STALE_INTERVALS * tile.intervalMs
}

/**
 * The state to show at an instant of the collector's clock. The page does not wait for the collector to find out that
 * data stopped: what claims to be working on old data is `unknown`, unless probes still reach it.
 */
export function effectiveState(tile: ServerTile, at: number): SubjectState {
  const claimsToWork = tile.state === 'up' || tile.state === 'degraded'
  return claimsToWork && !tile.isReached && isStale(tile, at) ? 'unknown' : tile.state
}

/** Where it is shown among others: planned work explains whatever is amiss, so what nobody planned stands before it. */
export function shownState(tile: ServerTile, at: number): SubjectState {
  return tile.inMaintenance ? 'maintenance' : effectiveState(tile, at)
}
