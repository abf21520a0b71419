// The city as it was known at one moment, read from the records.
import { type NetworkEdge, subjectKindOf } from '../../../protocol/duty-words.ts'
import type { LinkPeer } from '../../../protocol/vocabulary.ts'
import { readBackupStates } from '../../backups/backup-states.ts'
import { REGISTERED_THINGS } from '../../registers/subjects.ts'
import type { Records } from '../../stores/records/records.ts'
import { civilDateOf } from '../civil-date.ts'
import { judgedMonth } from '../measures/observed.ts'
import { readAvailabilities } from './read-availabilities.ts'
import { type House, readWatched } from './read-watched.ts'
import { indexRegisters, type KnownRecord, type RegisterIndex, textOf } from './register-index.ts'
import { CITY_ID, type DutyPorts, type DutySubject, portsWith, type Snapshot } from './snapshot.ts'

export async function readSnapshot(question: {
  records: Records
  at: number
  timeZone: string
  versions: readonly KnownRecord[]
  /** What watches now; null where the past is judged again, of which only the records are left. */
  house: House | null
  /** What other rooms bring beside that. */
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
  const availabilities = await readAvailabilities({ records, timeZone, subjects, month, at })
  const backups = await readBackupStates(records, at)
  const watched = question.house === null ? {} : await readWatched({ ...question.house, records, subjects, at })
  const backup: DutyPorts['backup'] = id => backups.get(id) ?? null
  return {
    ...{ at, timeZone, today, subjects, registers },
    subject: id => byId.get(id),
    ports: portsWith({ ...availabilities, ...watched, backup, ...question.ports }),
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
  const kindOf = new Map<string, string>(devices.map(({ id, kind }) => [id, kind]))
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
    ...links.filter(present).map(row =>
      subjectOf('link', row, {
        ...{ role: LINK_ROLES[row.peer], agencyId: row.agency_id, siteId: row.near_site_id },
        fields: { reach: reachOf(row, kindOf.get(row.far_device_id ?? '')) },
      }),
    ),
  ]
}

/** How far into an office a link lies: between sites, within one up to its router, or behind that. */
function reachOf(
  link: { near_site_id: string | null; far_site_id: string | null },
  farKind: string | undefined,
): NetworkEdge {
  if (link.near_site_id === null || link.near_site_id !== link.far_site_id) return 'site'
  return farKind === 'router' ? 'agency-router' : 'lan'
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
  'data-centre': 'data-centre-peer',
  province: 'government-network',
  'central-agency': 'central-agency',
  'service-bus': 'service-bus',
  other: null,
}

/** Services, applications and data sets are what their registers say. */
function registeredSubjects(registers: RegisterIndex): DutySubject[] {
  return REGISTERED_THINGS.flatMap(kind =>
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
