import type { StateInterval } from '../../protocol/availability-views.ts'
import type { Records } from '../stores/records/records.ts'
import { type Availability, measureAvailability } from './availability.ts'
import { COLLECTOR_SUBJECT } from './heard.ts'
import { clip, gaps, type Interval, intersection } from './intervals.ts'

export type SubjectIntervals = {
  up: Interval[]
  down: (Interval & { cause: string | null })[]
  /** When somebody listened: the collector, and for a polled device its poller too. */
  watched: Interval[]
  /** Whether whoever listened asked: then silence is no answer, which is known. */
  isAsked?: boolean
}

/** What is known of a subject, and of the collector itself, in a window. `pollerId` is the machine that polls it. */
export async function readIntervals(
  records: Records,
  subjectId: string,
  window: Interval,
  pollerId?: string,
): Promise<SubjectIntervals> {
  const rows = await records
    .selectFrom('state_interval')
    .selectAll()
    .where('subject_id', 'in', [subjectId, COLLECTOR_SUBJECT, ...(pollerId === undefined ? [] : [pollerId])])
    .where('to_ms', '>', window.from)
    .where('from_ms', '<', window.to)
    .orderBy('from_ms')
    .execute()
  const known: SubjectIntervals = { up: [], down: [], watched: [], isAsked: pollerId !== undefined }
  const polling: Interval[] = []
  for (const row of rows) {
    const interval = { from: row.from_ms, to: row.to_ms }
    if (row.subject_id === COLLECTOR_SUBJECT) known.watched.push(interval)
    else if (row.subject_id === pollerId) {
      if (row.state === 'up') polling.push(interval)
    } else if (row.state === 'up') known.up.push(interval)
    // Kept from one millisecond after the last word; see recordOffTime.
    else if (row.state === 'down') known.down.push({ from: row.from_ms - 1, to: row.to_ms, cause: row.cause })
  }
  return pollerId === undefined ? known : { ...known, watched: intersection(known.watched, polling) }
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
  const told = [...known.up, ...known.down]
  const unanswered = known.isAsked ? intersection(gaps(told, window), known.watched) : []
  const silent = unanswered.map(interval => ({ ...interval, state: 'down' as const, cause: null }))
  const unknown = gaps([...told, ...unanswered], window).map(interval => ({
    ...interval,
    state: 'unknown' as const,
    cause: null,
  }))
  return [...up, ...down, ...silent, ...unknown].sort((left, right) => left.from - right.from)
}
