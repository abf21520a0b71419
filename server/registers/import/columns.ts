// Which column of a sheet is which field: by the field's name or its label in either language.
import type { RegisterSubject } from '../../../protocol/register-views.ts'
import type { RegisterKind } from '../kinds/kind.ts'

export type Column =
  | { to: 'content'; name: 'title' | 'number' | 'issuedOn' | 'validFrom' | 'validUntil' | 'legalBasis' }
  | { to: 'subject'; kind: RegisterSubject['kind'] }
  | { to: 'field'; name: string }

const CONTENT: Record<(Column & { to: 'content' })['name'], readonly string[]> = {
  title: ['judul', 'nama'],
  number: ['nomor', 'no'],
  issuedOn: ['tanggal', 'tanggal terbit', 'issued on'],
  validFrom: ['berlaku dari', 'berlaku mulai', 'valid from'],
  validUntil: ['berlaku sampai', 'berlaku hingga', 'valid until'],
  legalBasis: ['dasar hukum', 'legal basis'],
}
const SUBJECTS: Record<RegisterSubject['kind'], readonly string[]> = {
  agency: ['opd', 'perangkat daerah'],
  site: ['lokasi'],
  server: ['peladen'],
  router: ['perute'],
  device: ['perangkat'],
  link: ['tautan'],
  service: ['layanan'],
  application: ['aplikasi'],
  dataset: ['data'],
}

/** One entry a heading; `null` for a heading that means nothing here, which is said and not swallowed. */
export function columnsOf(kind: RegisterKind, headings: readonly string[]): (Column | null)[] {
  const known = new Map<string, Column>()
  for (const { name, label } of kind.fields) {
    for (const text of [name, label.id, label.en]) known.set(keyOf(text), { to: 'field', name })
  }
  for (const subject of kind.subjects) {
    for (const text of [subject, ...SUBJECTS[subject]]) known.set(keyOf(text), { to: 'subject', kind: subject })
  }
  for (const [name, others] of Object.entries(CONTENT) as [keyof typeof CONTENT, readonly string[]][]) {
    for (const text of [name, ...others]) {
      // A field of the kind has the first word: `owner` of an asset is not the record's.
      if (!known.has(keyOf(text))) known.set(keyOf(text), { to: 'content', name })
    }
  }
  return headings.map(heading => known.get(keyOf(heading)) ?? null)
}

function keyOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
}
