// What a record may be about, by id and by the names that people write in a spreadsheet.
import { subjectKindOf } from '../../protocol/duty-words.ts'
import type { RegisterSubject } from '../../protocol/register-views.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'

/** What has no inventory but its register: a record of it is the thing itself. */
export const REGISTERED_THINGS = ['service', 'application', 'dataset'] as const

/** `shortName` is what an agency is called aloud. */
export type NamedSubject = RegisterSubject & { name: string; slug: string; shortName?: string }

export type SubjectDirectory = {
  get(id: string): NamedSubject | undefined
  /** By id, slug or name, whatever the case of its letters; `several` when a name is not enough. */
  find(kind: RegisterSubject['kind'], text: string): NamedSubject | 'several' | null
}

export async function readSubjects(records: Records | RecordsTransaction): Promise<SubjectDirectory> {
  const devices = await records
    .selectFrom('device')
    .select(['id', 'slug', 'name', 'kind'])
    .where('removed_at', 'is', null)
    .execute()
  const agencies = await records
    .selectFrom('agency')
    .select(['id', 'slug', 'name', 'short_name'])
    .where('removed_at', 'is', null)
    .execute()
  const sites = await records
    .selectFrom('site')
    .select(['id', 'slug', 'name'])
    .where('removed_at', 'is', null)
    .execute()
  const links = await records
    .selectFrom('link')
    .select(['id', 'slug', 'name'])
    .where('removed_at', 'is', null)
    .execute()
  const things = await records
    .selectFrom('register_version')
    .select(['record_id as id', 'record_id as slug', 'title as name', 'kind'])
    .where('ended_at', 'is', null)
    .where('kind', 'in', [...REGISTERED_THINGS])
    .execute()
  return subjectDirectory([
    ...devices.map(device => ({ ...device, kind: subjectKindOf(device.kind) })),
    ...agencies.map(({ short_name: shortName, ...agency }) => ({ ...agency, shortName, kind: 'agency' as const })),
    ...sites.map(site => ({ ...site, kind: 'site' as const })),
    ...links.map(link => ({ ...link, kind: 'link' as const })),
    ...things.flatMap(({ kind: registered, ...thing }) => {
      const kind = REGISTERED_THINGS.find(one => one === registered)
      return kind === undefined ? [] : [{ ...thing, kind }]
    }),
  ])
}

export function subjectDirectory(subjects: readonly NamedSubject[]): SubjectDirectory {
  const byId = new Map(subjects.map(subject => [subject.id, subject]))
  const byText = new Map<string, Set<NamedSubject>>()
  for (const subject of subjects) {
    for (const text of new Set([subject.id, subject.slug, subject.name, subject.shortName ?? subject.name])) {
      const key = keyOf(subject.kind, text)
      byText.set(key, (byText.get(key) ?? new Set()).add(subject))
    }
  }
  return {
    get: id => byId.get(id),
    find(kind, text) {
      const [only, ...others] = byText.get(keyOf(kind, text)) ?? []
      return others.length > 0 ? 'several' : (only ?? null)
    },
  }
}

function keyOf(kind: string, text: string): string {
  return `${kind}\n${text.trim().toLowerCase()}`
}
