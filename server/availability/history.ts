import type { StateInterval } from '../../protocol/views.ts'
import type { Records } from '../stores/records/records.ts'
import { type Availability, measureAvailability } from './availability.ts'
import { COLLECTOR_SUBJECT } from './heard.ts'
import { clip, gaps, type Interval } from './intervals.ts'

export type SubjectIntervals = {
  up: Interval[]
  down: (Interval & { cause: string | null })[]
  watched: Interval[]
}

/** What is known of a subject, and of the collector itself, in a window. */
export async function readIntervals(records: Records, subjectId: string, window: Interval): Promise<SubjectIntervals> {
  const rows = await records
    .selectFrom('state_interval')
    .selectAll()
    .where('subject_id', 'in', [subjectId, COLLECTOR_SUBJECT])
    .where('to_ms', '>', window.from)
    .where('from_ms', '<', window.to)
    .orderBy('from_ms')
    .execute()
  const known: SubjectIntervals = { up: [], down: [], watched: [] }
  for (const row of rows) {
    const interval = { from: row.from_ms, to: row.to_ms }
    if (row.subject_id === COLLECTOR_SUBJECT) known.watched.push(interval)
    else if (row.state === 'down') known.down.push({ ...interval, cause: row.cause })
    else known.up.push(interval)
  }
  return known
}

export function availabilityOf(known: SubjectIntervals, window: Interval): Availability {
  return measureAvailability({ window, ...known })
}

/** The window without holes, oldest first: what nobody speaks for is `unknown`. */
export function historyOf(known: SubjectIntervals, window: Interval): StateInterval[] {
  const up = clip(known.up, window).map(interval => ({ ...interval, state: 'up' as const, cause: null }))
  const down = known.down
    .flatMap(interval =>
      clip([interval], window).map(part => ({ ...part, state: 'down' as const, cause: interval.cause })),
    )
    .filter(interval => interval.to > interval.from)
  const unknown = gaps([...known.up, ...known.down], window).map(interval => ({
    ...interval,
    state: 'unknown' as const,
    cause: null,
  }))
  return [...up, ...down, ...unknown].sort((left, right) => left.from - right.from)
}
