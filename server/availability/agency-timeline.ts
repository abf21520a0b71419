import type { StateInterval } from '../../protocol/availability-views.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Records } from '../stores/records/records.ts'
import type { Availability } from './availability.ts'
import { availabilityIn, togetherOf } from './availability-tables.ts'
import { clip, gaps, type Interval, union } from './intervals.ts'
import { readSubjectHistory, type SubjectHistory } from './subject-history.ts'

/** How an agency was connected, by all its links together. Errors: `not-found`. */
export async function readAgencyTimeline(
  deps: { records: Records; timeZone: string },
  agencyId: string,
  window: Interval,
  at: number,
): Promise<{ history: StateInterval[]; availability: Availability; watched: number }> {
  const agency = await deps.records.selectFrom('agency').select('id').where('id', '=', agencyId).executeTakeFirst()
  if (agency === undefined) throw new ProblemError('not-found', 'There is no agency with this id')
  const links = await deps.records
    .selectFrom('link')
    .select(['id', 'created_at'])
    .where('agency_id', '=', agencyId)
    .where('removed_at', 'is', null)
    .execute()
  const histories: SubjectHistory[] = []
  for (const link of links) {
    const since = { from: Math.max(window.from, Math.min(link.created_at, window.to)), to: window.to }
    const history = await readSubjectHistory(deps, link.id, since, at)
    if (history?.isWatched) histories.push(history)
  }
  const known = togetherOf(histories, window)
  return {
    history: connectionOf(known, window),
    availability: availabilityIn(known, window, { kind: 'always' }, deps.timeZone),
    watched: histories.length,
  }
}

/** Pure. The window without holes: connected, cut off, or nobody knows. */
export function connectionOf(
  known: { up: readonly Interval[]; down: readonly Interval[] },
  window: Interval,
): StateInterval[] {
  const told = (intervals: readonly Interval[], state: StateInterval['state']) =>
    clip(union(intervals), window).map(interval => ({ ...interval, state, cause: null }))
  const seen = [...told(known.up, 'up'), ...told(known.down, 'down')]
  return [...seen, ...told(gaps(seen, window), 'unknown')].sort((left, right) => left.from - right.from)
}
