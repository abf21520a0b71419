import type { StateInterval } from '../../protocol/views.ts'
import type { Records } from '../stores/records/records.ts'
import { type Availability, measureAvailability } from './availability.ts'
import { COLLECTOR_SUBJECT } from './heard.ts'
import { clip, gaps, type Interval, intersection } from './intervals.ts'

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
    else if (row.state === 'up') known.up.push(interval)
    // Kept from one millisecond after the last word; see recordOffTime.
    else if (row.state === 'down') known.down.push({ from: row.from_ms - 1, to: row.to_ms, cause: row.cause })
  }
  return known
}

/**
 * Until its evidence has run out (`lastsMs` after the last word) a subject is up as far as anybody can say, as its tile
 * shows it: the last word reaches to `at`.
 */
export function upUntil(known: SubjectIntervals, at: number, lastsMs: number): SubjectIntervals {
  const last = known.up.at(-1)
  if (last === undefined || at <= last.to || at - last.to > lastsMs) return known
  return { ...known, up: [...known.up.slice(0, -1), { from: last.from, to: at }] }
}

export function availabilityOf(known: SubjectIntervals, window: Interval): Availability {
  return measureAvailability({ window, ...known })
}

/** The window without holes, oldest first: what nobody speaks for is `unknown`. */
export function historyOf(known: SubjectIntervals, window: Interval): StateInterval[] {
  const up = clip(known.up, window).map(interval => ({ ...interval, state: 'up' as const, cause: null }))
  const notUp = gaps(known.up, window)
  const down = known.down.flatMap(({ cause, ...interval }) =>
    intersection([interval], notUp).map(part => ({ ...part, state: 'down' as const, cause })),
  )
  const unknown = gaps([...known.up, ...known.down], window).map(interval => ({
    ...interval,
    state: 'unknown' as const,
    cause: null,
  }))
  return [...up, ...down, ...unknown].sort((left, right) => left.from - right.from)
}
