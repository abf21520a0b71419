import readXlsx from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { type CoverageQuestion, coverageOf } from '../../../server/backups/coverage.ts'
import { coverageTable } from '../../../server/backups/coverage-table.ts'
import { datasetStatusOf } from '../../../server/backups/dataset-status.ts'
import type { KnownDataset, KnownJob } from '../../../server/backups/known.ts'
import type { KnownService } from '../../../server/backups/read-datasets.ts'
import { csvLine } from '../../../server/reports/csv-export.ts'
import { columnName, xlsxOf } from '../../../server/reports/xlsx-export.ts'
import { dataset, goodJob, NOW } from './jobs.ts'

const AGENCIES = ['Dukcapil', 'Dinkes', 'Dishub'].map(name => ({ id: name.toLowerCase(), name, shortName: name }))

function status(id: string, agencyId: string | null, jobs: KnownJob[] = [], more: Partial<KnownDataset> = {}) {
  return datasetStatusOf(dataset({ id, name: `Data ${id}`, agencyId, ...more }), jobs, NOW)
}

function service(name: string, agencyId: string, more: Partial<KnownService> = {}): KnownService {
  return { id: `service-${name}`, name, agencyId, needs: [], holdsData: true, ...more }
}

function coverage(more: Partial<CoverageQuestion>) {
  return coverageOf({ at: NOW, agencies: AGENCIES, statuses: [], services: [], ...more })
}

const gapsOf = (view: ReturnType<typeof coverage>, agency: string | null) =>
  view.agencies
    .find(one => (one.agency?.name ?? null) === agency)
    ?.gaps.map(({ gap, about, place }) => [gap, about?.name ?? null, place])

describe('coverage', () => {
  it('says of each agency what is missing, and of none that has nothing that all is well', () => {
    const view = coverage({
      statuses: [status('warga', 'dukcapil', [goodJob()]), status('akta', 'dukcapil'), status('lama', 'bubar')],
      services: [service('KTP', 'dukcapil', { needs: ['data WARGA '] }), service('Antrean', 'dinkes')],
    })
    expect(gapsOf(view, 'Dukcapil')).toEqual([['data-set-without-job', 'Data akta', null]])
    expect(gapsOf(view, 'Dinkes')).toEqual([
      ['no-data-set', null, null],
      ['service-without-data-set', 'Antrean', null],
    ])
    expect(gapsOf(view, 'Dishub')).toEqual([['no-data-set', null, null]])
    expect(view.agencies.find(({ agency }) => agency?.name === 'Dishub')?.verdict).toBe('unmeasured')
    // What belongs to an agency that is gone is not forgotten.
    expect(gapsOf(view, null)).toEqual([['data-set-without-job', 'Data lama', null]])
    expect(view.totals).toEqual({
      ...{ agencies: 3, agenciesWithoutDataset: 2, datasets: 3, datasetsWithoutJob: 2, services: 2 },
      ...{ servicesWithoutDataset: 1, met: 1, atRisk: 0, unmet: 2, unmeasured: 0 },
    })
  })

  it('finds the data set that a service names, that of its own agency first, and says which it does not find', () => {
    const named = { name: 'Arsip' }
    const view = coverage({
      statuses: [status('a', 'dinkes', [], named), status('b', 'dishub', [], named)],
      services: [
        service('Surat', 'dishub', { needs: ['arsip'] }),
        service('Peta', 'dishub', { needs: ['Peta Kota', 'a'] }),
        service('Halaman', 'dishub', { holdsData: false }),
      ],
    })
    expect(gapsOf(view, 'Dishub')).toEqual([
      ['data-set-without-job', 'Arsip', null],
      ['service-names-unknown', 'Peta', null],
    ])
  })

  it('names a place that is missing before the rest', () => {
    const limits = { ...dataset().limits, places: ['data-centre', 'drc'] as const }
    const view = coverage({
      statuses: [status('warga', 'dukcapil', [goodJob()], { limits: { ...limits, places: [...limits.places] } })],
    })
    expect(gapsOf(view, 'Dukcapil')).toEqual([['place-missing', 'Data warga', 'drc']])
    expect(view.agencies[0]?.rows[0]?.cells.map(({ state }) => state)).toEqual([
      ...['not-required', 'good', 'no-job', 'not-required'],
    ])
  })

  it('is the same table as CSV and as XLSX, in both languages, and no cell is a formula', async () => {
    const view = coverage({
      statuses: [status('warga', 'dukcapil', [goodJob()], { name: '=HYPERLINK("http://x") & <b>' })],
      services: [service('Antrean', 'dinkes')],
    })
    for (const language of ['id', 'en'] as const) {
      const table = coverageTable(view, language)
      expect(table.map(row => row.length)).toEqual(table.map(() => 11))
      const [sheet] = await readXlsx(xlsxOf({ name: 'Pencadangan: [2026]/*', rows: table }))
      const rows = sheet?.data.map(row => table[0]?.map((_, column) => row[column] ?? ''))
      expect(rows).toEqual(table)
      expect(sheet?.sheet).toBe('Pencadangan   2026   ')
    }
    expect(csvLine(coverageTable(view, 'id')[1] ?? [])).toContain(`"'=HYPERLINK(""http://x"") & <b>"`)
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA'])
  })
})
