// What is known of one device or link in a window, whoever saw it: its probes, or the agent that speaks for it.
import type { StateInterval } from '../../protocol/availability-views.ts'
import { readParentsOver } from '../inventory/parent-queries.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { BootRun } from './cause.ts'
import { readIntervals, upUntil } from './history.ts'
import { clip, gaps, type Interval, intersection, subtract, union } from './intervals.ts'
import { type Maintenance, type PlannedTime, plannedTimeOf, readMaintenance } from './maintenance-queries.ts'
import { combine, piecesOf } from './quorum.ts'
import { held } from './sightings.ts'
import { evidenceLastsMs } from './subject-state.ts'
import { splitByParents } from './unreachable.ts'

export type SubjectHistory = {
  /** `watchedAs`: whose probes speak for it. */
  subject: { id: string; name: string; watchedAs: string; agencyId: string | null; providerId: string | null }
  /** Whether anything was ever told of it. */
  isWatched: boolean
  up: Interval[]
  degraded: Interval[]
  /** Without the times in which all ways to it were cut. */
  down: Interval[]
  unreachable: (Interval & { parentIds: string[] })[]
  /** When silence counts against it: the collector listened for its agent. */
  watched: Interval[]
  planned: PlannedTime[]
  boots: BootRun[]
}

type Raw = Pick<SubjectHistory, 'isWatched' | 'up' | 'degraded' | 'down' | 'watched'>
type SubjectRow = Awaited<ReturnType<typeof readSubjectRow>>

/**
 * Everything about a subject in `window` as it is known at `at`; undefined for none of this id. Who reads many hands over
 * the maintenance of that window.
 */
export async function readSubjectHistory(
  deps: { records: Records; timeZone: string; maintenance?: readonly Maintenance[] },
  subjectId: string,
  window: Interval,
  at: number,
): Promise<SubjectHistory | undefined> {
  const { records, timeZone } = deps
  const row = await readSubjectRow(records, subjectId)
  if (row === undefined) return undefined
  const raw = await readRaw(records, row, window, at)
  const parents = await readParentsOver(records, subjectId, window)
  const cuts: { parentIds: string[]; cut: Interval[] }[] = []
  for (const period of periodsOfParents(parents, window)) {
    const parentsDown: Interval[][] = []
    for (const parentId of period.parentIds) {
      const parent = await readSubjectRow(records, parentId)
      parentsDown.push(parent === undefined ? [] : (await readRaw(records, parent, window, at)).down)
    }
    const inPeriod = clip(raw.down, period)
    cuts.push({ parentIds: period.parentIds, cut: splitByParents(inPeriod, parentsDown).unreachable })
  }
  const unreachable = cuts.flatMap(({ parentIds, cut }) => cut.map(interval => ({ ...interval, parentIds })))
  const belonging = {
    ...{ device: row.kind === 'link' ? null : row.id, link: row.kind === 'link' ? row.id : null },
    ...{ site: row.site_id, agency: row.agency_id, provider: row.provider_id },
  }
  const boots = await records
    .selectFrom('boot_run')
    .selectAll()
    .where('subject_id', '=', row.watchedAs)
    .orderBy('seen_from')
    .execute()
  return {
    ...raw,
    subject: {
      ...{ id: row.id, name: row.name, watchedAs: row.watchedAs },
      ...{ agencyId: row.agency_id, providerId: row.provider_id },
    },
    down: subtract(raw.down, unreachable),
    unreachable,
    planned: plannedTimeOf(deps.maintenance ?? (await readMaintenance(records, window)), belonging, window, timeZone),
    boots: boots.map(one => ({ bootedAt: one.booted_at, seenFrom: one.seen_from, seenTo: one.seen_to })),
  }
}

/** The window without holes, oldest first; what is planned stands beside it, not in it. */
export function statesOf(history: SubjectHistory, window: Interval): StateInterval[] {
  const told = (intervals: readonly Interval[], state: StateInterval['state']) =>
    clip(intervals, window).map(interval => ({ ...interval, state, cause: null }))
  const silent = subtract(intersection([window], history.watched), [
    ...history.up,
    ...history.degraded,
    ...history.down,
    ...history.unreachable,
  ])
  const known = [
    ...told(history.up, 'up'),
    ...told(history.degraded, 'degraded'),
    ...told(history.down, 'down'),
    ...told(history.unreachable, 'unreachable'),
  ]
  // For an agent that fell silent: nobody knows, although it counts against it.
  return [...known, ...told(union([...silent, ...gaps(known, window)]), 'unknown')].sort(
    (left, right) => left.from - right.from,
  )
}

/** A link that has no probe of its own is watched through the device at its far end, else at its near one. */
export async function readSubjectRow(records: Records | RecordsTransaction, id: string) {
  const row = await records
    .selectFrom('subject')
    .leftJoin('link', 'link.id', 'subject.id')
    .select([
      'subject.id',
      'subject.name',
      'subject.kind',
      'subject.agency_id',
      'subject.site_id',
      'subject.created_at',
    ])
    .select(['link.provider_id', 'link.far_device_id', 'link.near_device_id'])
    .where('subject.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const own = await records
    .selectFrom('sighting')
    .select('subject_id')
    .where('subject_id', '=', id)
    .limit(1)
    .executeTakeFirst()
  const through = row.kind === 'link' && own === undefined ? (row.far_device_id ?? row.near_device_id) : null
  return { ...row, watchedAs: through ?? row.id }
}

async function readRaw(records: Records, row: NonNullable<SubjectRow>, window: Interval, at: number): Promise<Raw> {
  const sightings = await records
    .selectFrom('sighting')
    .selectAll()
    .where('subject_id', '=', row.watchedAs)
    .where(eb => eb('to_ms', '>', eb(eb.val(window.from), '-', eb.ref('patience_ms'))))
    .where(eb => eb('from_ms', '<', eb(eb.val(window.to), '+', eb.ref('patience_ms'))))
    .orderBy('from_ms')
    .execute()
  const end = Math.min(at, window.to)
  if (sightings.length === 0) return await readHeard(records, row.watchedAs, window, at)
  const observers = [...Map.groupBy(sightings, ({ observer }) => observer).values()].map(own => {
    const pieces = own.map(({ from_ms: from, to_ms: to, vote }) => ({ from, to, vote }))
    return held(pieces, Math.max(...own.map(({ patience_ms }) => patience_ms)), Math.max(end, at))
  })
  const states = combine(observers, { from: window.from, to: Math.max(window.from, end) })
  return {
    ...{ isWatched: true, up: piecesOf(states, 'up'), degraded: piecesOf(states, 'degraded') },
    ...{ down: piecesOf(states, 'down'), watched: [] },
  }
}

/** Of a device that an agent speaks for. */
async function readHeard(records: Records, deviceId: string, window: Interval, at: number): Promise<Raw> {
  const recorded = await readIntervals(records, deviceId, window)
  const agent = await records
    .selectFrom('agent')
    .select(['interval_ms', 'enrolled_at'])
    .where('device_id', '=', deviceId)
    .orderBy('enrolled_at', 'desc')
    .executeTakeFirst()
  if (agent === undefined) return { isWatched: false, up: [], degraded: [], down: [], watched: [] }
  const known = at <= window.to ? upUntil(recorded, at, evidenceLastsMs(agent.interval_ms)) : recorded
  return {
    ...{ isWatched: true, up: known.up, degraded: [], down: subtract(known.down, known.up) },
    watched: clip(known.watched, { from: agent.enrolled_at, to: window.to }),
  }
}

/** Between two changes of the parents they stay the same. */
function periodsOfParents(
  edges: readonly { parentId: string; from: number; until: number | null }[],
  window: Interval,
): (Interval & { parentIds: string[] })[] {
  const moments = new Set([window.from, window.to])
  for (const { from, until } of edges) {
    for (const at of [from, until ?? window.to]) if (at > window.from && at < window.to) moments.add(at)
  }
  const sorted = [...moments].sort((left, right) => left - right)
  return sorted.slice(0, -1).map((from, index) => ({
    ...{ from, to: sorted[index + 1] ?? window.to },
    parentIds: edges
      .filter(edge => edge.from <= from && (edge.until ?? window.to) > from)
      .map(({ parentId }) => parentId),
  }))
}
