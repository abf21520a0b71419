// The city as it was known at one moment, read from the records.
import { subjectKindOf } from '../../../protocol/duty-words.ts'
import type { LinkPeer } from '../../../protocol/vocabulary.ts'
import type { Availability } from '../../availability/availability.ts'
import { readAvailabilityOf } from '../../availability/availability-tables.ts'
import { availabilityOf, readIntervals, upUntil } from '../../availability/history.ts'
import { evidenceLastsMs } from '../../availability/subject-state.ts'
import { readBackupStates } from '../../backups/backup-states.ts'
import type { Records } from '../../stores/records/records.ts'
import { civilDateOf } from '../civil-date.ts'
import { judgedMonth } from '../measures/observed.ts'
import { indexRegisters, type KnownRecord, type RegisterIndex, textOf } from './register-index.ts'
import { CITY_ID, type DutyPorts, type DutySubject, type Observed, portsWith, type Snapshot } from './snapshot.ts'

export async function readSnapshot(question: {
  records: Records
  at: number
  timeZone: string
  versions: readonly KnownRecord[]
  /** What other rooms bring, beside the availability of servers and links, and backups. */
  ports: Partial<DutyPorts>
}): Promise<Snapshot> {
  const { records, at, timeZone } = question
  const today = civilDateOf(at, timeZone)
  const registers = indexRegisters(question.versions, at)
  const subjects = [CITY, ...(await readPlaces(records, at)), ...registeredSubjects(registers)]
  const byId = new Map(subjects.map(subject => [subject.id, subject]))
  for (const subject of subjects) {
    const agency = subject.agencyId === null ? undefined : byId.get(subject.agencyId)
    if (agency?.independent === true) subject.independent = true
  }
  const month = judgedMonth(at, today, timeZone)
  const available = await readAvailabilities(records, month, at)
  const backups = await readBackupStates(records, at)
  const links = await readLinks({ records, timeZone }, subjects, month, at)
  return {
    ...{ at, timeZone, today, subjects, registers },
    subject: id => byId.get(id),
    ports: portsWith({
      serverAvailability: (id, window) =>
        window.from === month.from && window.to === month.to ? (available.get(id) ?? null) : null,
      link: (id, window) => (window.from === month.from && window.to === month.to ? (links.get(id) ?? null) : null),
      backup: id => backups.get(id) ?? null,
      ...question.ports,
    }),
  }
}

const CITY: DutySubject = {
  ...{ id: CITY_ID, kind: 'city', name: 'Pemerintah Daerah', role: null, agencyId: null, siteId: null },
  ...{ independent: false, coordinates: null, fields: {}, since: 0 },
}

async function readPlaces(records: Records, at: number): Promise<DutySubject[]> {
  const agencies = await records.selectFrom('agency').selectAll().where('created_at', '<=', at).execute()
  const sites = await records.selectFrom('site').selectAll().where('created_at', '<=', at).execute()
  const devices = await records.selectFrom('device').selectAll().where('created_at', '<=', at).execute()
  const links = await records.selectFrom('link').selectAll().where('created_at', '<=', at).execute()
  const present = (row: { removed_at: number | null }) => row.removed_at === null || row.removed_at > at
  return [
    // What is outside the region owes it nothing; Diskominfo is an agency like the others.
    ...agencies
      .filter(row => present(row) && row.kind !== 'other')
      .map(row =>
        subjectOf('agency', row, {
          independent: row.independent_decree !== null,
          fields: { independentDecree: row.independent_decree ?? '' },
        }),
      ),
    ...sites.filter(present).map(row =>
      subjectOf('site', row, {
        role: row.kind,
        agencyId: row.agency_id,
        coordinates:
          row.latitude === null || row.longitude === null ? null : { latitude: row.latitude, longitude: row.longitude },
      }),
    ),
    ...devices.filter(present).map(row =>
      subjectOf(subjectKindOf(row.kind), row, {
        role: row.kind === 'switch' || row.kind === 'access-point' ? 'network' : null,
        ...{ agencyId: row.agency_id, siteId: row.site_id },
      }),
    ),
    ...links
      .filter(present)
      .map(row =>
        subjectOf('link', row, { role: LINK_ROLES[row.peer], agencyId: row.agency_id, siteId: row.near_site_id }),
      ),
  ]
}

function subjectOf(
  kind: DutySubject['kind'],
  row: { id: string; name: string; created_at: number },
  more: Partial<DutySubject>,
): DutySubject {
  return {
    ...{ id: row.id, kind, name: row.name, role: null, agencyId: null, siteId: null, independent: false },
    ...{ coordinates: null, fields: {}, since: row.created_at },
    ...more,
  }
}

/** What a link is for, by whom it leads to. */
const LINK_ROLES: Record<LinkPeer, string | null> = {
  site: 'intra-network',
  isp: 'internet',
  'national-data-centre': 'national-data-centre',
  province: 'government-network',
  other: null,
}

const REGISTERED = ['service', 'application', 'dataset'] as const

/** Services, applications and data sets are what their registers say. */
function registeredSubjects(registers: RegisterIndex): DutySubject[] {
  return REGISTERED.flatMap(kind =>
    registers.all(kind).map(record => ({
      id: record.recordId,
      kind,
      name: record.title,
      role: textOf(record, 'role') ?? textOf(record, 'applicationType'),
      agencyId: record.subjects.find(subject => subject.kind === 'agency')?.id ?? null,
      siteId: record.subjects.find(subject => subject.kind === 'site')?.id ?? null,
      ...{ independent: false, coordinates: null, fields: record.fields, since: record.enteredAt },
    })),
  )
}

/** Of each server that an agent speaks for. */
async function readAvailabilities(
  records: Records,
  window: { from: number; to: number },
  at: number,
): Promise<Map<string, Availability>> {
  const agents = await records
    .selectFrom('agent')
    .innerJoin('device', 'device.id', 'agent.device_id')
    .select(['agent.device_id', 'agent.interval_ms', 'device.created_at'])
    .where('agent.enrolled_at', '<=', at)
    .where('device.kind', '=', 'server')
    .orderBy('agent.enrolled_at')
    .execute()
  const found = new Map<string, Availability>()
  for (const agent of new Map(agents.map(row => [row.device_id, row])).values()) {
    const own = { from: Math.max(agent.created_at, window.from), to: window.to }
    if (own.from >= own.to) continue
    const intervals = await readIntervals(records, agent.device_id, own)
    found.set(agent.device_id, availabilityOf(upUntil(intervals, own.to, evidenceLastsMs(agent.interval_ms)), own))
  }
  return found
}

/** Of each link that something watches, by its own calendar. */
async function readLinks(
  deps: { records: Records; timeZone: string },
  subjects: readonly DutySubject[],
  window: { from: number; to: number },
  at: number,
): Promise<Map<string, Observed>> {
  const found = new Map<string, Observed>()
  for (const { id, since } of subjects.filter(({ kind }) => kind === 'link')) {
    const own = { from: Math.max(since, window.from), to: Math.min(at, window.to) }
    const availability = own.from >= own.to ? null : await readAvailabilityOf(deps, id, own, at)
    if (availability === null) continue
    const { uptimeRatio: ratio, upMs, outageMs } = availability
    found.set(id, { ratio, observedMs: upMs + outageMs, sources: ['probe'] })
  }
  return found
}
