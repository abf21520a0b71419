// Whether the matrix of the made-up city, as the API and both files have it, says what was worked out beforehand.
import { parse } from 'csv-parse/sync'
import readXlsxFile from 'read-excel-file/node'
import { expect } from 'vitest'
import { COPY_PLACES, type CoverageState } from '../../protocol/backup-words.ts'
import type { Verdict } from '../../protocol/vocabulary.ts'
import { CITY, CITY_TOTALS, DATASET_KINDS } from './backup-city.ts'
import { call, rawCall } from './collector.ts'

const CELLS: Record<CoverageState, string> = {
  ...{ good: 'Baik', late: 'Terlambat', never: 'Tidak pernah ada', unmeasured: 'Belum terukur' },
  ...{ 'no-job': 'Tanpa pekerjaan', 'not-required': 'Tidak diminta' },
}
const VERDICTS: Partial<Record<Verdict, string>> = {
  ...{ met: 'Terpenuhi', 'at-risk': 'Waspada', unmet: 'Tidak terpenuhi', unmeasured: 'Belum terukur' },
}
const URGENCIES = { high: 'Tinggi', medium: 'Sedang', low: 'Rendah' }

/** Agency, data set, urgency, verdict and a cell a place, of each data set; by agency and name. */
function answers(): string[][] {
  const rows = CITY.flatMap(({ shortName, datasets }) =>
    datasets.map(({ name, kind }) => {
      const { urgency, verdict, cells } = DATASET_KINDS[kind]
      const words = cells.map(cell => CELLS[cell])
      return [`Perangkat ${shortName}`, name, URGENCIES[urgency], VERDICTS[verdict] ?? '', ...words]
    }),
  )
  return sorted(rows)
}

const sorted = (rows: string[][]) => rows.sort((left, right) => (left.join('\n') < right.join('\n') ? -1 : 1))
const WIDTH = 4 + COPY_PLACES.length

export async function expectCoverageOfCity(collector: { url: string }): Promise<void> {
  const { agencies, totals } = await call(collector, 'backupCoverage')
  expect(totals).toEqual(CITY_TOTALS)
  const told = new Map(agencies.map(one => [one.agency?.shortName, one]))
  for (const { shortName, verdict, datasets, bareService } of CITY) {
    const agency = told.get(shortName)
    expect([shortName, agency?.verdict]).toEqual([shortName, verdict])
    const gaps = agency?.gaps.map(({ gap }) => gap) ?? []
    expect(gaps.includes('no-data-set')).toBe(datasets.length === 0)
    expect(gaps.includes('service-without-data-set')).toBe(bareService !== null)
    const bare = datasets.filter(({ kind }) => kind === 'forgotten').length
    expect(gaps.filter(gap => gap === 'data-set-without-job')).toHaveLength(bare)
  }
  const rows = agencies.flatMap(({ agency, rows }) =>
    rows.map(({ dataset, urgency, verdict, cells }) => [
      ...[agency?.name ?? '', dataset.name, URGENCIES[urgency], VERDICTS[verdict] ?? ''],
      ...cells.map(({ state }) => CELLS[state]),
    ]),
  )
  expect(sorted(rows)).toEqual(answers())
  for (const table of [await csvTable(collector), await xlsxTable(collector)]) expectTable(table)
}

function expectTable([headings, ...rows]: string[][]): void {
  expect(headings?.slice(0, 3)).toEqual(['OPD', 'Data', 'Urgensi'])
  const withData = rows.filter(row => row[1] !== '')
  expect(sorted(withData.map(row => row.slice(0, WIDTH)))).toEqual(answers())
  // What has no data set at all stands in rows of its own: agencies without any, and services that name none.
  const without = CITY_TOTALS.agenciesWithoutDataset + CITY_TOTALS.servicesWithoutDataset
  expect(rows.length - withData.length).toBe(without)
}

async function csvTable(collector: { url: string }): Promise<string[][]> {
  const response = await rawCall(collector, 'exportBackupCoverage', { query: { format: 'csv', language: 'id' } })
  expect(response.headers.get('content-disposition')).toMatch(/pencadangan-\d{4}-\d\d-\d\d\.csv/)
  return parse(await response.text())
}

async function xlsxTable(collector: { url: string }): Promise<string[][]> {
  const response = await rawCall(collector, 'exportBackupCoverage', { query: { format: 'xlsx', language: 'id' } })
  const sheets = await readXlsxFile(Buffer.from(await response.arrayBuffer()))
  const rows = sheets[0]?.data ?? []
  const width = rows[0]?.length ?? 0
  return rows.map(row => Array.from({ length: width }, (_, column) => String(row[column] ?? '')))
}
