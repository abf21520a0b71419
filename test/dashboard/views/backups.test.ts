import { describe, expect, it } from 'vitest'
import { arrangeCoverage, countOf } from '../../../dashboard/src/views/backups/arrange-coverage.ts'
import { sizeLines } from '../../../dashboard/src/views/backups/history-lines.ts'
import { cronLines, jobNameOf } from '../../../dashboard/src/views/backups/job-lines.ts'
import { placed, rhythmOf, scheduleOf } from '../../../dashboard/src/views/backups/rhythm.ts'
import type { BackupCopyView, CoverageAgency } from '../../../protocol/backup-views.ts'
import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'
import { backupJobName } from '../../../protocol/backups.ts'
import { CITY, CITY_TOTALS, DATASET_KINDS } from '../../support/backup-city.ts'

const words = { id: '', en: '' }
const AGENCIES: CoverageAgency[] = CITY.map(({ shortName, datasets, verdict, bareService }) => ({
  agency: { id: shortName, name: `Perangkat ${shortName}`, shortName },
  verdict,
  rows: datasets.map(({ name, kind }) => ({
    dataset: { id: name, name },
    ...{ urgency: DATASET_KINDS[kind].urgency, verdict: DATASET_KINDS[kind].verdict, findings: [], cells: [] },
    ...{ lastGoodAt: null, lastRestoredAt: null },
  })),
  gaps: [
    ...(datasets.length === 0 ? [{ gap: 'no-data-set' as const, words, about: null, place: null }] : []),
    ...datasets.flatMap(({ name, kind }) =>
      kind === 'forgotten'
        ? [{ gap: 'data-set-without-job' as const, words, about: { id: name, name }, place: null }]
        : [],
    ),
    ...(bareService === null
      ? []
      : [{ gap: 'service-without-data-set' as const, words, about: { id: 's', name: bareService }, place: null }]),
  ],
}))

describe('what a filter leaves of the city', () => {
  const left = (filter: Parameters<typeof arrangeCoverage>[1], text = '') => arrangeCoverage(AGENCIES, filter, text)
  const rows = (filter: Parameters<typeof arrangeCoverage>[1]) => left(filter).flatMap(one => one.rows).length

  it('is as many as the button says', () => {
    expect(left('all')).toHaveLength(48)
    for (const filter of ['all', 'met', 'at-risk', 'unmet', 'unmeasured', 'data-set-without-job'] as const) {
      expect([filter, rows(filter)]).toEqual([filter, countOf(CITY_TOTALS, filter)])
    }
    expect(left('no-data-set')).toHaveLength(CITY_TOTALS.agenciesWithoutDataset)
    expect(left('service-without-data-set')).toHaveLength(CITY_TOTALS.servicesWithoutDataset)
  })

  it('a word finds an agency whole, or the data sets that bear it', () => {
    expect(left('all', 'rsud').map(({ rows }) => rows.map(({ dataset }) => dataset.name))).toEqual([
      ['SIMRS', 'PACS', 'Antrean'],
    ])
    expect(left('all', ' PACS ').flatMap(({ rows }) => rows.map(({ dataset }) => dataset.name))).toEqual(['PACS'])
    expect(left('met', 'pacs')).toEqual([])
  })
})

describe('a job as a form has it', () => {
  it('goes out in milliseconds and comes back as it was', () => {
    const rhythm = { ...rhythmOf(null), hours: '1,5', graceHours: '0.5' }
    expect(scheduleOf(rhythm, 'Asia/Makassar')).toEqual({ kind: 'period', periodMs: 5_400_000 })
    expect(placed(rhythm)).toEqual({ title: '', place: 'data-centre', siteId: null, graceMs: 1_800_000 })
    const cron = { ...rhythm, kind: 'cron' as const, expression: ' 15 1 * * * ' }
    expect(scheduleOf(cron, 'Asia/Makassar')).toEqual({
      ...{ kind: 'cron', expression: '15 1 * * *', timeZone: 'Asia/Makassar' },
    })
    expect(scheduleOf({ ...rhythm, kind: 'none' }, 'Asia/Makassar')).toBeNull()
  })

  it('has a name that the collector takes, whatever the data set is called', () => {
    for (const title of ['Rekam Medis (RSUD)', '—', 'Áàé/2026', 'x'.repeat(200)]) {
      expect(backupJobName.parse(jobNameOf(title)).length).toBeLessThanOrEqual(BACKUP_LIMITS.job)
    }
    expect(jobNameOf('Rekam Medis (RSUD)')).toBe('rekam-medis-rsud')
  })

  it('tells begin and number of its run from one line of crontab', () => {
    expect(cronLines('https://pantau.example/ping/T')).toMatch(/T\/start; .*; curl .*T\/\$\?$/m)
  })
})

it('sizes are those of sound copies, a line a job; where none is seen, of good runs', () => {
  const copy = (jobId: string, takenAt: number, bytes: number, more: Partial<BackupCopyView> = {}): BackupCopyView => ({
    ...{ jobId, copyId: String(takenAt), takenAt, bytes, tookMs: null, trouble: null },
    ...{ firstSeenAt: takenAt, lastSeenAt: takenAt, goneAt: null },
    ...more,
  })
  const run = {
    ...{ id: 'r', jobId: 'b', purpose: 'backup' as const, startedAt: 5, endedAt: 9, outcome: 'good' as const },
    ...{ trouble: null, exitCode: 0, detail: '', bytes: 70, files: null, proof: null, receivedAt: 9 },
    clockAhead: false,
  }
  const jobs = [
    { id: 'a', name: 'a', title: 'Malam' },
    { id: 'b', name: 'b', title: '' },
    { id: 'c', name: 'c', title: '' },
  ]
  const copies = [copy('a', 20, 200), copy('a', 10, 100), copy('a', 30, 9, { trouble: 'truncated' })]
  const lines = sizeLines(jobs, copies, [run, { ...run, jobId: 'a', bytes: 1 }, { ...run, outcome: 'failed' }])
  expect(lines.map(({ name, points }) => [name, points])).toEqual([
    [
      'Malam',
      [
        [10, 100],
        [20, 200],
      ],
    ],
    ['b', [[9, 70]]],
  ])
})
