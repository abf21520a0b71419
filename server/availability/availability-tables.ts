// Availability of subjects, agencies and providers, period by period.
import { serviceCalendar } from '../../protocol/links.ts'
import type { AvailabilityRow } from '../../protocol/maintenance.ts'
import type { AvailabilityOf, Period } from '../../protocol/vocabulary.ts'
import type { Records } from '../stores/records/records.ts'
import { type Availability, measureAvailability } from './availability.ts'
import { type Interval, intersection, subtract, union } from './intervals.ts'
import { periodsOf, type ServiceCalendar, serviceTime } from './service-calendar.ts'
import { readSubjectHistory, type SubjectHistory } from './subject-history.ts'

type Deps = { records: Records; timeZone: string }
type Known = Pick<SubjectHistory, 'up' | 'down' | 'watched' | 'planned'>

/** Of one device or link, by its own calendar; null where nothing was ever told of it. */
export async function readAvailabilityOf(
  deps: Deps,
  subjectId: string,
  window: Interval,
  at: number,
): Promise<Availability | null> {
  const history = await readSubjectHistory(deps, subjectId, window, at)
  if (history === undefined || !history.isWatched) return null
  const calendars = await readCalendars(deps.records)
  return availabilityIn(knownOf(history), window, calendars.of(subjectId).definition, deps.timeZone)
}

/** What is reached by some is reached; what is cut off by a parent can't be said. */
export function knownOf(history: SubjectHistory): Known {
  return { ...history, up: union([...history.up, ...history.degraded]) }
}

export function availabilityIn(
  known: Known,
  window: Interval,
  calendar: ServiceCalendar,
  timeZone: string,
): Availability {
  return measureAvailability({
    ...{ window, up: known.up, down: known.down, watched: known.watched },
    planned: known.planned.filter(({ declared }) => declared === 'before'),
    plannedAfterwards: known.planned.filter(({ declared }) => declared === 'afterwards'),
    ...(calendar.kind === 'always' ? {} : { service: serviceTime(calendar, window, timeZone) }),
  })
}

/**
 * An agency is connected while any of its links is; it is cut off when all of those that were seen were down or cut off by
 * something upstream, for that is what it feels. Planned is only what was planned for all of them.
 */
export function togetherOf(histories: readonly SubjectHistory[], window: Interval): Known {
  const up = union(histories.flatMap(({ up: own, degraded }) => [...own, ...degraded]))
  const failing = histories.map(history => union([...history.down, ...history.unreachable]))
  const cut = failing.reduce<Interval[]>((all, one) => intersection(all, one), [window])
  const planned = (declared: 'before' | 'afterwards') =>
    histories
      .map(history => history.planned.filter(one => one.declared === declared))
      .reduce<Interval[]>((all, one) => intersection(all, one), [window])
      .map(interval => ({ ...interval, declared, maintenanceId: '' }))
  return {
    ...{ up, down: histories.length === 0 ? [] : subtract(cut, up), watched: [] },
    planned: histories.length === 0 ? [] : [...planned('before'), ...planned('afterwards')],
  }
}

type Question = {
  of: AvailabilityOf
  by: Period
  window: Interval
  /** Instead of each one's own. */
  calendarId?: string | undefined
  id?: string | undefined
}

/** Rows by name; also those of which nothing is watched, because nobody else would notice. */
export async function readAvailabilityTable(deps: Deps, question: Question, at: number): Promise<AvailabilityRow[]> {
  const { of, by, window } = question
  const calendars = await readCalendars(deps.records)
  const rows: AvailabilityRow[] = []
  for (const group of await groupsOf(deps.records, of)) {
    if (question.id !== undefined && group.id !== question.id) continue
    const histories: SubjectHistory[] = []
    for (const subject of group.subjects) {
      const since = { from: Math.max(window.from, Math.min(subject.createdAt, window.to)), to: window.to }
      const history = await readSubjectHistory(deps, subject.id, since, at)
      if (history?.isWatched) histories.push(history)
    }
    const calendar = calendars.of(question.calendarId ?? group.subjects[0]?.id ?? '')
    const [single] = histories
    const known = of === 'agency' ? togetherOf(histories, window) : single === undefined ? null : knownOf(single)
    const createdAt = Math.min(at, ...group.subjects.map(subject => subject.createdAt))
    const measure = (period: Interval): Availability => {
      if (of !== 'provider') {
        return availabilityIn(known ?? NOTHING_KNOWN, period, calendar.definition, deps.timeZone)
      }
      const parts = histories.map(history =>
        availabilityIn(
          knownOf(history),
          period,
          calendars.of(question.calendarId ?? history.subject.id).definition,
          deps.timeZone,
        ),
      )
      return sumOf(parts, period)
    }
    const periods =
      histories.length === 0
        ? []
        : periodsOf({ from: Math.max(window.from, createdAt), to: Math.min(window.to, at) }, by, deps.timeZone)
    rows.push({
      ...{ id: group.id, name: group.name, watched: histories.length, calendar: calendar.name },
      periods: periods.map(({ label, ...period }) => ({ label, ...measure(period) })),
    })
  }
  return rows
}

const NOTHING_KNOWN: Known = { up: [], down: [], watched: [], planned: [] }

/** Of a provider: all its links together, link hour by link hour. */
export function sumOf(parts: readonly Availability[], { from, to }: Interval): Availability {
  const sum = (pick: (one: Availability) => number) => parts.reduce((total, one) => total + pick(one), 0)
  const [upMs, outageMs, outages] = [sum(one => one.upMs), sum(one => one.outageMs), sum(one => one.outages)]
  return {
    ...{ from, to, serviceMs: sum(one => one.serviceMs), upMs, outageMs, outages },
    ...{ plannedMs: sum(one => one.plannedMs), plannedAfterwardsMs: sum(one => one.plannedAfterwardsMs) },
    unobservedMs: sum(one => one.unobservedMs),
    uptimeRatio: upMs + outageMs === 0 ? null : upMs / (upMs + outageMs),
    mttrMs: outages === 0 ? null : outageMs / outages,
    mtbfMs: outages === 0 ? null : upMs / outages,
  }
}

type Group = { id: string; name: string; subjects: { id: string; createdAt: number }[] }

async function groupsOf(records: Records, of: Question['of']): Promise<Group[]> {
  const subjects = await records
    .selectFrom('subject')
    .leftJoin('link', 'link.id', 'subject.id')
    .select(['subject.id', 'subject.name', 'subject.kind', 'subject.agency_id', 'subject.created_at as createdAt'])
    .select('link.provider_id')
    .where('subject.removed_at', 'is', null)
    .orderBy('subject.name')
    .execute()
  const links = subjects.filter(({ kind }) => kind === 'link')
  if (of === 'link') return links.map(one => ({ id: one.id, name: one.name, subjects: [one] }))
  if (of === 'server') {
    return subjects
      .filter(({ kind }) => kind !== 'link' && kind !== 'service')
      .map(one => ({ id: one.id, name: one.name, subjects: [one] }))
  }
  const owners = await records
    .selectFrom(of)
    .select(['id', 'name'])
    .where('removed_at', 'is', null)
    .orderBy('name')
    .execute()
  const column = of === 'agency' ? 'agency_id' : 'provider_id'
  return owners.map(owner => ({ ...owner, subjects: links.filter(link => link[column] === owner.id) }))
}

const ALWAYS = { name: null, definition: { kind: 'always' } as ServiceCalendar }

/** By the id of a calendar, or of a link that has one. */
export async function readCalendars(records: Records) {
  const rows = await records.selectFrom('service_calendar').selectAll().execute()
  const byId = new Map(
    rows.map(row => [row.id, { name: row.name, definition: serviceCalendar.parse(JSON.parse(row.definition)) }]),
  )
  const links = await records.selectFrom('link').select(['id', 'calendar_id']).execute()
  const ofLink = new Map(links.map(link => [link.id, link.calendar_id]))
  return {
    of: (id: string): { name: string | null; definition: ServiceCalendar } => byId.get(ofLink.get(id) ?? id) ?? ALWAYS,
  }
}
