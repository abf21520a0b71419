// How long servers, links and services were up in the month that is judged.
import { type Availability, measureAvailability } from '../../availability/availability.ts'
import { availabilityIn, knownOf, readCalendars } from '../../availability/availability-tables.ts'
import { readIntervals, upUntil } from '../../availability/history.ts'
import { type Maintenance, plannedTimeOf, readMaintenance } from '../../availability/maintenance-queries.ts'
import { readSubjectHistory } from '../../availability/subject-history.ts'
import { evidenceLastsMs } from '../../availability/subject-state.ts'
import type { Records } from '../../stores/records/records.ts'
import type { DutyPorts, DutySubject, Observed, Window } from './snapshot.ts'

type Question = {
  records: Records
  timeZone: string
  subjects: readonly DutySubject[]
  month: Window
  at: number
}

/** Answers for that month only; null of what nobody speaks for. */
export async function readAvailabilities(
  question: Question,
): Promise<Pick<DutyPorts, 'serverAvailability' | 'link' | 'service'>> {
  const { month } = question
  const maintenance = await readMaintenance(question.records, month)
  const servers = await readServers(question, maintenance)
  const probed = await readProbed(question, maintenance)
  const inMonth =
    <T>(values: ReadonlyMap<string, T>) =>
    (id: string, window: Window): T | null =>
      window.from === month.from && window.to === month.to ? (values.get(id) ?? null) : null
  return { serverAvailability: inMonth(servers), link: inMonth(probed), service: inMonth(probed) }
}

/** Of each server that an agent speaks for; announced work is taken out of its silences. */
async function readServers(
  { records, timeZone, month, at }: Question,
  maintenance: readonly Maintenance[],
): Promise<Map<string, Availability>> {
  const agents = await records
    .selectFrom('agent')
    .innerJoin('device', 'device.id', 'agent.device_id')
    .select(['agent.device_id', 'agent.interval_ms'])
    .select(['device.created_at', 'device.agency_id', 'device.site_id'])
    .where('agent.enrolled_at', '<=', at)
    .where('device.kind', '=', 'server')
    .orderBy('agent.enrolled_at')
    .execute()
  const found = new Map<string, Availability>()
  for (const agent of new Map(agents.map(row => [row.device_id, row])).values()) {
    const own = { from: Math.max(agent.created_at, month.from), to: month.to }
    if (own.from >= own.to) continue
    const intervals = await readIntervals(records, agent.device_id, own)
    const known = upUntil(intervals, own.to, evidenceLastsMs(agent.interval_ms))
    found.set(
      agent.device_id,
      measureAvailability({ window: own, ...known, planned: announcedFor(maintenance, agent, own, timeZone) }),
    )
  }
  return found
}

function announcedFor(
  maintenance: readonly Maintenance[],
  device: { device_id: string; agency_id: string | null; site_id: string | null },
  window: Window,
  timeZone: string,
) {
  const belonging = {
    device: device.device_id,
    link: null,
    site: device.site_id,
    agency: device.agency_id,
    provider: null,
  }
  return plannedTimeOf(maintenance, belonging, window, timeZone).filter(({ declared }) => declared === 'before')
}

/** Of each link and service that a probe speaks for, by its own calendar. */
async function readProbed(
  { records, timeZone, subjects, month, at }: Question,
  maintenance: readonly Maintenance[],
): Promise<Map<string, Observed>> {
  const calendars = await readCalendars(records)
  const found = new Map<string, Observed>()
  for (const { id, since } of subjects.filter(({ kind }) => kind === 'link' || kind === 'service')) {
    const own = { from: Math.max(since, month.from), to: Math.min(at, month.to) }
    if (own.from >= own.to) continue
    const history = await readSubjectHistory({ records, timeZone, maintenance }, id, own, at)
    if (history === undefined || !history.isWatched) continue
    const {
      uptimeRatio: ratio,
      upMs,
      outageMs,
    } = availabilityIn(knownOf(history), own, calendars.of(id).definition, timeZone)
    found.set(id, { ratio, observedMs: upMs + outageMs, sources: ['probe'] })
  }
  return found
}
