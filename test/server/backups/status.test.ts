import { describe, expect, it } from 'vitest'
import type { BackupFindingCode } from '../../../protocol/backup-words.ts'
import { BACKUP_FINDINGS, BACKUP_TROUBLES } from '../../../protocol/backup-words.ts'
import { TROUBLE_WORDS } from '../../../protocol/trouble-words.ts'
import type { Verdict } from '../../../protocol/vocabulary.ts'
import { datasetStatusOf } from '../../../server/backups/dataset-status.ts'
import { wordsOfFinding } from '../../../server/backups/finding-words.ts'
import type { KnownJob } from '../../../server/backups/known.ts'
import {
  blind,
  copy,
  DAY_MS,
  dataset,
  goodJob,
  HOUR_MS,
  LIMITS,
  look,
  MIB,
  MINUTE_MS,
  NOW,
  newJob,
  PROOF,
  run,
  runJob,
} from './jobs.ts'

type Case = [
  name: string,
  jobs: KnownJob[],
  verdict: Verdict,
  codes: BackupFindingCode[],
  limits?: Partial<typeof LIMITS>,
]

const late = [30, 54, 78].map(hours => copy(hours * HOUR_MS))
const failedRun = run(2 * HOUR_MS, 'failed', { trouble: 'disk-full', detail: 'No space left on device' })
const daily = { kind: 'period', periodMs: DAY_MS } as const
const atTwo = { kind: 'cron', expression: '0 2 * * *', timeZone: 'Asia/Jakarta' } as const

const CASES: Case[] = [
  ['all is well', [goodJob()], 'met', []],
  ['registered for a year, and nobody has shown a copy', [], 'unmet', ['no-job']],
  ['accepted yesterday, said nothing: nothing is due yet', [newJob()], 'unmeasured', ['nothing-yet', 'place-unknown']],
  [
    'accepted long ago, never said a word',
    [newJob({ acceptedAt: NOW - 3 * DAY_MS })],
    'unmet',
    ['never-came', 'place-missing'],
  ],
  ['the last good copy is too old', [goodJob({ copies: late })], 'unmet', ['late', 'place-missing']],
  ['exactly as old as it may be', [goodJob({ copies: [copy(26 * HOUR_MS), ...late] })], 'met', []],
  [
    'a minute older than it may be',
    [goodJob({ copies: [copy(26 * HOUR_MS + MINUTE_MS), ...late] })],
    'unmet',
    ['late', 'place-missing'],
  ],
  [
    'the newest copy is cut short',
    [goodJob({ copies: [copy(HOUR_MS, { trouble: 'truncated' }), ...goodJob().copies] })],
    'unmet',
    ['bad-copy'],
  ],
  [
    'a copy that is being written just now',
    [goodJob({ copies: [copy(HOUR_MS, { trouble: 'incomplete', bytes: MIB }), ...goodJob().copies] })],
    'met',
    [],
  ],
  [
    'a copy that was left half written',
    [goodJob({ copies: [copy(8 * HOUR_MS, { trouble: 'incomplete', bytes: MIB }), copy(20 * HOUR_MS), ...late] })],
    'unmet',
    ['bad-copy'],
  ],
  [
    'all copies are empty',
    [goodJob({ copies: [copy(HOUR_MS, { trouble: 'empty' })], acceptedAt: NOW - 3 * DAY_MS })],
    'unmet',
    ['never-came', 'place-missing', 'bad-copy'],
  ],
  ['shrunk to a tenth', [goodJob({ copies: [copy(6 * HOUR_MS, { bytes: 10 * MIB }), ...late] })], 'unmet', ['shrunk']],
  ['a little smaller than usual', [goodJob({ copies: [copy(6 * HOUR_MS, { bytes: 80 * MIB }), ...late] })], 'met', []],
  [
    'four times as large as usual',
    [goodJob({ copies: [copy(6 * HOUR_MS, { bytes: 400 * MIB }), ...late] })],
    'at-risk',
    ['grown'],
  ],
  [
    'two copies say nothing of a third that is small',
    [goodJob({ copies: [copy(6 * HOUR_MS, { bytes: MIB }), copy(30 * HOUR_MS)] })],
    'met',
    [],
  ],
  [
    'dated in the future',
    [goodJob({ copies: [copy(-2 * DAY_MS, { trouble: 'clock-ahead' }), ...goodJob().copies] })],
    'unmet',
    ['clock-ahead'],
  ],
  [
    'dated in the future, and nothing else',
    [goodJob({ copies: [copy(-2 * DAY_MS, { trouble: 'clock-ahead' })] })],
    'unmet',
    ['never-came', 'place-missing', 'clock-ahead'],
  ],
  ['a wrong password, and the last copy is young enough', [blind('wrong-password')], 'at-risk', ['not-seen']],
  [
    'a wrong password for two days',
    [blind('wrong-password', { copies: late })],
    'unmet',
    ['late', 'place-missing', 'not-seen'],
  ],
  [
    'a wrong password from the first day on',
    [blind('wrong-password', { copies: [], wholeSighting: null, restoreRuns: [], acceptedAt: NOW - HOUR_MS })],
    'unmet',
    ['not-seen', 'nothing-yet', 'place-unknown'],
  ],
  ['the repository is gone', [blind('repository-missing')], 'unmet', ['place-missing', 'gone']],
  [
    'nothing is left in the place',
    [goodJob({ newestSighting: look({ copyCount: 0 }), copies: [] })],
    'unmet',
    ['place-missing', 'gone'],
  ],
  ['the check of the whole says that it is damaged', [blind('damaged')], 'unmet', ['bad-copy']],
  ['the last run failed although a young copy is there', [goodJob({ backupRuns: [failedRun] })], 'unmet', ['failed']],
  [
    'a failure that a later good run made good',
    [goodJob({ backupRuns: [run(HOUR_MS, 'good'), failedRun] })],
    'met',
    [],
  ],
  [
    'a run that has begun does not hide that the last one failed',
    [goodJob({ backupRuns: [run(MINUTE_MS, 'running'), failedRun] })],
    'unmet',
    ['failed'],
  ],
  ['a run that hangs since yesterday', [goodJob({ backupRuns: [run(DAY_MS, 'running')] })], 'unmet', ['never-ended']],
  [
    'a run of an hour that usually takes a day',
    [goodJob({ backupRuns: [run(20 * HOUR_MS, 'running'), run(2 * DAY_MS, 'good', { startedAt: NOW - 3 * DAY_MS })] })],
    'met',
    [],
  ],
  [
    'its agent is silent for two days, and its copies too old to be believed',
    [goodJob({ lastToldAt: NOW - 2 * DAY_MS, copies: late })],
    'unmet',
    ['late', 'place-missing', 'silent'],
  ],
  [
    'its agent is silent for a day, its last copy is 25 hours old',
    [goodJob({ lastToldAt: NOW - 25 * HOUR_MS, copies: [copy(25 * HOUR_MS), ...late] })],
    'at-risk',
    ['silent'],
  ],
  [
    'the check failed',
    [goodJob({ verifyRuns: [run(HOUR_MS, 'failed', { trouble: 'checksum-wrong' })] })],
    'unmet',
    ['verify-failed'],
  ],
  [
    'never restored: not yet a backup',
    [goodJob({ restoreRuns: [], acceptedAt: NOW - 80 * DAY_MS })],
    'at-risk',
    ['never-restored'],
  ],
  [
    'never restored in a hundred days',
    [goodJob({ restoreRuns: [], acceptedAt: NOW - 100 * DAY_MS })],
    'unmet',
    ['restore-overdue', 'never-restored'],
  ],
  [
    'restored a hundred days ago',
    [goodJob({ restoreRuns: [run(100 * DAY_MS, 'good', { proof: PROOF })] })],
    'unmet',
    ['restore-overdue'],
  ],
  [
    'a restore test that tells nothing of what came back',
    [goodJob({ restoreRuns: [run(DAY_MS, 'good')], acceptedAt: NOW - 80 * DAY_MS })],
    'at-risk',
    ['never-restored'],
  ],
  [
    'a copy that lists well and can not be restored',
    [
      goodJob({
        restoreRuns: [run(HOUR_MS, 'failed', { trouble: 'damaged' }), run(30 * DAY_MS, 'good', { proof: PROOF })],
      }),
    ],
    'unmet',
    ['restore-failed'],
  ],
  [
    'restored again after a failure',
    [goodJob({ restoreRuns: [run(HOUR_MS, 'good', { proof: PROOF }), run(DAY_MS, 'failed', { trouble: 'damaged' })] })],
    'met',
    [],
  ],
  [
    'too few copies after half a year',
    [goodJob({ wholeSighting: look({ copyCount: 2 }) })],
    'unmet',
    ['too-few-copies'],
  ],
  [
    'too few copies on the second day',
    [goodJob({ wholeSighting: look({ copyCount: 2 }), acceptedAt: NOW - 2 * DAY_MS })],
    'met',
    [],
  ],
  [
    'the oldest copy is of the day before yesterday',
    [goodJob({ wholeSighting: look({ oldestAt: NOW - 2 * DAY_MS }) })],
    'unmet',
    ['too-short-kept'],
  ],
  [
    'nothing in the recovery centre, where it must be',
    [goodJob()],
    'unmet',
    ['place-missing'],
    { places: ['data-centre', 'drc'] },
  ],
  [
    'a good copy at each place',
    [goodJob(), goodJob({ id: 'job-2', place: 'drc' })],
    'met',
    [],
    { places: ['data-centre', 'drc'] },
  ],
  [
    'the copy in the recovery centre is late',
    [goodJob(), goodJob({ id: 'job-2', place: 'drc', copies: late })],
    'unmet',
    ['place-missing'],
    { places: ['data-centre', 'drc'] },
  ],
  [
    'a job for the recovery centre that has just begun',
    [goodJob(), newJob({ id: 'job-2', place: 'drc' })],
    'unmeasured',
    ['place-unknown'],
    { places: ['data-centre', 'drc'] },
  ],
  ['a command that ended well', [runJob([run(HOUR_MS, 'good')])], 'met', []],
  [
    'a command that failed and never ended well',
    [runJob([failedRun], { restoreRuns: [], acceptedAt: NOW - DAY_MS })],
    'unmet',
    ['failed', 'nothing-yet', 'place-unknown'],
  ],
  [
    'a command that ended well, and its place is empty',
    [goodJob({ backupRuns: [run(HOUR_MS, 'good')], newestSighting: look({ copyCount: 0 }), copies: [] })],
    'unmet',
    ['place-missing', 'gone'],
  ],
  ['a ping each day, the last an hour ago', [runJob([run(HOUR_MS, 'good')], { schedule: daily })], 'met', []],
  [
    'a ping each day, the last 25.5 hours ago',
    [runJob([run(25.5 * HOUR_MS, 'good', { startedAt: NOW - 25.5 * HOUR_MS })], { schedule: daily })],
    'unmet',
    ['silent'],
  ],
  [
    'a ping at two each night by the clock of Jakarta, in its grace',
    [runJob([run(17 * HOUR_MS, 'good')], { schedule: atTwo, graceMs: 8 * HOUR_MS + MINUTE_MS })],
    'met',
    [],
  ],
  [
    'the same a minute after its grace',
    [runJob([run(17 * HOUR_MS, 'good')], { schedule: atTwo, graceMs: 8 * HOUR_MS - MINUTE_MS })],
    'unmet',
    ['silent'],
  ],
  ['an agent that looks at a daily job, its copy of this morning there', [goodJob({ schedule: daily })], 'met', []],
  [
    'the same, the copy of this morning an hour and a half overdue',
    [goodJob({ schedule: daily, copies: [copy(25.5 * HOUR_MS), ...late] })],
    'unmet',
    ['silent'],
  ],
  [
    'a ping that began and did not end in its grace',
    [runJob([run(2 * HOUR_MS, 'running'), run(20 * HOUR_MS, 'good')], { schedule: daily })],
    'unmet',
    ['never-ended'],
  ],
]

describe('the status of a data set', () => {
  it.each(CASES)('%s', (_name, jobs, verdict, codes, limits = {}) => {
    const { status } = datasetStatusOf(dataset({ limits: { ...LIMITS, ...limits } }), jobs, NOW)
    expect(status.findings.map(({ code }) => code)).toEqual(codes)
    expect(status.verdict).toBe(verdict)
  })

  it('knows nothing of a data set that was registered just now', () => {
    const { status } = datasetStatusOf(dataset({ since: NOW - HOUR_MS }), [], NOW)
    expect(status).toMatchObject({ verdict: 'unmeasured', lastGood: null, kept: null, lastRestored: null })
    expect(status.findings).toMatchObject([{ code: 'no-job', verdict: 'unmeasured' }])
  })

  it('tells what it rests on, and when that was seen', () => {
    const { status } = datasetStatusOf(dataset(), [goodJob()], NOW)
    expect(status.lastGood).toEqual({
      ...{ takenAt: NOW - 6 * HOUR_MS, tookMs: 20 * MINUTE_MS, bytes: 100 * MIB, copyId: `copy-${NOW - 6 * HOUR_MS}` },
      told: { at: NOW - 10 * MINUTE_MS, jobId: 'job-1', from: 'sighting' },
    })
    expect(status.size).toMatchObject({ ratio: 1, basedOn: 3 })
    expect(status.kept).toMatchObject({ copies: 30, oldestAt: NOW - 30 * DAY_MS })
    expect(status.lastRestored).toMatchObject({ at: NOW - 30 * DAY_MS, proof: PROOF })
  })

  it('tells by how much it grows a day', () => {
    const copies = [0, 1, 2, 3, 4].map(days => copy(days * DAY_MS, { bytes: (100 - 5 * days) * MIB }))
    const { status } = datasetStatusOf(dataset(), [goodJob({ copies })], NOW)
    expect(status.growth?.bytesPerDay).toBeCloseTo(5 * MIB, 0)
    expect(status.growth).toMatchObject({ overDays: 4, basedOn: 5 })
  })

  it('has words in both languages for each trouble and each finding', () => {
    for (const trouble of BACKUP_TROUBLES) {
      expect(TROUBLE_WORDS[trouble].id).not.toBe(TROUBLE_WORDS[trouble].en)
      const words = wordsOfFinding('failed', { job: 'malam', trouble, detail: 'exit 1' })
      expect(words.id).toContain(TROUBLE_WORDS[trouble].id)
      expect(words.en).toContain('exit 1')
    }
    for (const code of BACKUP_FINDINGS) {
      const words = wordsOfFinding(code, { job: 'malam', ms: DAY_MS, limitMs: HOUR_MS, place: 'drc' })
      expect(words.id).not.toBe(words.en)
      expect(`${words.id} ${words.en}`).not.toMatch(/undefined|NaN|null/)
    }
  })
})
