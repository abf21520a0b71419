// Rows for each register, drawn from the fields that each describes itself: a register that is added later has some too.
import type { RegisterField, RegisterKindView } from '../../protocol/register-views.ts'
import { call, rawCall } from './collector.ts'
import type { SeededDataset } from './seed-backup-city.ts'

const ROWS = 3
/** These make up the city itself; `seedBackupCity` has entered them. */
const ENTERED = new Set(['dataset'])
const TITLES = [
  'Keputusan Wali Kota tentang tata kelola',
  'Portal layanan',
  'Perjanjian dengan penyedia jaringan antarkecamatan',
]

export async function fillRegisters(collector: { url: string }, datasets: readonly SeededDataset[]): Promise<void> {
  const { kinds } = await call(collector, 'registerKinds')
  const { agencies } = await call(collector, 'agencies')
  const { duties } = await call(collector, 'duties', { query: {} })
  const { sites } = await call(collector, 'sites')
  const { servers } = await call(collector, 'wall')
  const ids: Record<string, readonly { id: string }[]> = {
    agency: agencies,
    site: sites,
    server: servers,
    dataset: datasets,
  }
  for (const kind of kinds) {
    if (ENTERED.has(kind.kind)) continue
    for (let row = 0; row < ROWS; row += 1) {
      const subjectKind = kind.subjects.find(one => ids[one] !== undefined)
      const subject = subjectKind === undefined ? undefined : ids[subjectKind]?.[row]
      const body = {
        ...{ kind: kind.kind, title: `${kind.title.id}: ${TITLES[row]}`, number: `${row + 4}/KOMINFO/2026` },
        ...{ issuedOn: '2026-03-02', validFrom: '2026-03-02', validUntil: row === 0 ? '2026-12-15' : null },
        legalBasis: 'Peraturan Wali Kota Depok Nomor 40 Tahun 2021',
        subjects: subject === undefined || subjectKind === undefined ? [] : [{ kind: subjectKind, id: subject.id }],
        fields: fieldsOf(kind, row, duties[row]?.id ?? ''),
      }
      const answer = await rawCall(collector, 'createRegisterRecord', { body })
      if (!answer.ok) process.stderr.write(`register ${kind.kind}: ${await answer.text()}\n`)
    }
  }
}

function fieldsOf(
  kind: RegisterKindView,
  row: number,
  duty: string,
): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    kind.fields.flatMap(field => {
      const value = field.name === 'duties' ? [duty] : exampleOf(field, row)
      return value === null ? [] : [[field.name, value]]
    }),
  )
}

function exampleOf(field: RegisterField, row: number): string | number | boolean | string[] | null {
  switch (field.type) {
    case 'date':
      return `2026-0${row + 3}-14`
    case 'number':
      return Math.min(field.most ?? 100, Math.max(field.least ?? 0, 10 + row))
    case 'yes-no':
      return row !== 1
    case 'choice':
      return field.choices?.[row % field.choices.length]?.value ?? null
    case 'list':
      return field.choices === undefined ? ['Butir pertama', 'Butir kedua'] : [field.choices[0]?.value ?? '']
    case 'topic':
      return field.choices?.[row % field.choices.length]?.value ?? 'pd-sop'
    case 'long-text':
      return 'Disusun bersama perangkat daerah terkait dan dibahas dalam rapat koordinasi triwulanan.'
    case 'text':
      return 'Dinas Komunikasi dan Informatika'
  }
}
