// The matrix as a table for a spreadsheet: a row a data set, and a row for what has no data set at all. Pure.
import type { CoverageAgency, CoverageRow, CoverageView } from '../../protocol/backup-views.ts'
import { COPY_PLACES, type CoverageState, type Urgency } from '../../protocol/backup-words.ts'
import type { Bilingual, Language, Verdict } from '../../protocol/vocabulary.ts'
import { PLACE_WORDS } from './finding-words.ts'

export type TableCell = string | number

const VERDICT_WORDS: Record<Verdict, Bilingual> = {
  met: { id: 'Terpenuhi', en: 'Met' },
  'at-risk': { id: 'Waspada', en: 'At risk' },
  unmet: { id: 'Tidak terpenuhi', en: 'Unmet' },
  unmeasured: { id: 'Belum terukur', en: 'Unmeasured' },
  exempt: { id: 'Dikecualikan', en: 'Exempt' },
  'not-applicable': { id: 'Tidak berlaku', en: 'Not applicable' },
}

const URGENCY_WORDS: Record<Urgency, Bilingual> = {
  high: { id: 'Tinggi', en: 'High' },
  medium: { id: 'Sedang', en: 'Medium' },
  low: { id: 'Rendah', en: 'Low' },
}

export const CELL_WORDS: Record<CoverageState, Bilingual> = {
  good: { id: 'Baik', en: 'Good' },
  late: { id: 'Terlambat', en: 'Late' },
  never: { id: 'Tidak pernah ada', en: 'Never came' },
  unmeasured: { id: 'Belum terukur', en: 'Unmeasured' },
  'no-job': { id: 'Tanpa pekerjaan', en: 'No job' },
  'not-required': { id: 'Tidak diminta', en: 'Not required' },
}

const HEADINGS: readonly Bilingual[] = [
  { id: 'OPD', en: 'Agency' },
  { id: 'Data', en: 'Data set' },
  { id: 'Urgensi', en: 'Urgency' },
  { id: 'Status', en: 'Status' },
  ...COPY_PLACES.map(place => PLACE_WORDS[place]),
  { id: 'Salinan baik terakhir (UTC)', en: 'Last good copy (UTC)' },
  { id: 'Uji pemulihan terakhir (UTC)', en: 'Last restore test (UTC)' },
  { id: 'Yang kurang', en: 'What is missing' },
]

export function coverageTable({ agencies }: CoverageView, language: Language): TableCell[][] {
  return [
    HEADINGS.map(heading => heading[language]),
    ...agencies.flatMap(agency => [
      ...agency.rows.map(row => rowCells(agency, row, language)),
      ...withoutDataset(agency, language),
    ]),
  ]
}

function rowCells(agency: CoverageAgency, row: CoverageRow, language: Language): TableCell[] {
  const gaps = agency.gaps.filter(({ about }) => about?.id === row.dataset.id)
  return [
    agency.agency?.name ?? '',
    row.dataset.name,
    URGENCY_WORDS[row.urgency][language],
    VERDICT_WORDS[row.verdict][language],
    ...row.cells.map(cell => CELL_WORDS[cell.state][language]),
    momentOf(row.lastGoodAt),
    momentOf(row.lastRestoredAt),
    gaps.map(({ words }) => words[language]).join(' '),
  ]
}

/** What an agency lacks that is of none of its data sets. */
function withoutDataset({ agency, rows, gaps }: CoverageAgency, language: Language): TableCell[][] {
  const others = gaps.filter(({ about }) => !rows.some(row => row.dataset.id === about?.id))
  return others.map(gap => [
    ...[agency?.name ?? '', '', '', VERDICT_WORDS.unmeasured[language]],
    ...COPY_PLACES.map(() => ''),
    ...['', '', gap.words[language]],
  ])
}

function momentOf(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString()
}
