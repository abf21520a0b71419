// What holds of the status whatever was told.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BACKUP_TROUBLES, type BackupTrouble, COPY_PLACES } from '../../../protocol/backup-words.ts'
import type { Verdict } from '../../../protocol/vocabulary.ts'
import { datasetStatusOf } from '../../../server/backups/dataset-status.ts'
import { copy, dataset, goodJob, HOUR_MS, look, MIB, NOW, newJob, PROOF, run } from './jobs.ts'

const someTrouble = fc.option(fc.constantFrom<BackupTrouble>(...BACKUP_TROUBLES), { freq: 2 })
const someCopy = fc
  .record({
    agoH: fc.integer({ min: 0, max: 200 }),
    bytes: fc.option(fc.integer({ min: 0, max: MIB })),
    trouble: someTrouble,
  })
  .map(({ agoH, bytes, trouble }) => copy(agoH * HOUR_MS, { bytes, trouble }))
const someRun = fc
  .record({
    agoH: fc.integer({ min: 0, max: 200 }),
    outcome: fc.constantFrom('running' as const, 'good' as const, 'failed' as const),
    trouble: someTrouble,
    proof: fc.constantFrom(null, PROOF),
  })
  .map(({ agoH, outcome, trouble, proof }) => run(agoH * HOUR_MS, outcome, { trouble, proof }))
const newestFirst = <T extends { takenAt?: number; startedAt?: number }>(list: T[]) =>
  [...list].sort((left, right) => (right.takenAt ?? right.startedAt ?? 0) - (left.takenAt ?? left.startedAt ?? 0))
const someJob = fc
  .record({
    place: fc.constantFrom(...COPY_PLACES),
    acceptedH: fc.integer({ min: 0, max: 4_000 }),
    toldH: fc.option(fc.integer({ min: 0, max: 100 })),
    look: fc.option(fc.record({ trouble: someTrouble, copyCount: fc.integer({ min: 0, max: 40 }) })),
    copies: fc.array(someCopy, { maxLength: 6 }),
    runs: fc.array(someRun, { maxLength: 4 }),
    restores: fc.array(someRun, { maxLength: 3 }),
  })
  .map(({ place, acceptedH, toldH, look: seen, copies, runs, restores }) =>
    goodJob({
      ...{ place, acceptedAt: NOW - acceptedH * HOUR_MS, lastToldAt: toldH === null ? null : NOW - toldH * HOUR_MS },
      newestSighting: seen === null ? null : look(seen),
      wholeSighting: seen === null || seen.trouble !== null ? null : look(seen),
      ...{ copies: newestFirst(copies), backupRuns: newestFirst(runs), restoreRuns: newestFirst(restores) },
    }),
  )
const someJobs = fc
  .array(someJob, { maxLength: 4 })
  .map(jobs => jobs.map((job, index) => ({ ...job, id: `job-${index}` })))

describe('whatever was told', () => {
  it('is met only where a good, young copy was seen at each required place, and one came back', () => {
    fc.assert(
      fc.property(someJobs, jobs => {
        const { status } = datasetStatusOf(dataset(), jobs, NOW)
        if (status.verdict !== 'met') return
        expect(status.findings).toEqual([])
        expect(NOW - (status.lastGood?.takenAt ?? 0)).toBeLessThanOrEqual(26 * HOUR_MS)
        expect(status.lastRestored).not.toBeNull()
        const seen = jobs.some(
          job =>
            job.place === 'data-centre' &&
            (job.newestSighting === null ? job.backupRuns : job.copies).some(one =>
              'outcome' in one ? one.outcome === 'good' : one.trouble === null && NOW - one.takenAt <= 26 * HOUR_MS,
            ),
        )
        expect(seen).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  it('gets no better when time passes and nothing new is told', () => {
    const rank: Verdict[] = ['met', 'at-risk', 'unmeasured', 'unmet']
    fc.assert(
      fc.property(someJobs, fc.integer({ min: 1, max: 500 }), (jobs, hours) => {
        const now = datasetStatusOf(dataset(), jobs, NOW).status.verdict
        const then = datasetStatusOf(dataset(), jobs, NOW + hours * HOUR_MS).status.verdict
        expect(rank.indexOf(then)).toBeGreaterThanOrEqual(rank.indexOf(now))
      }),
      { numRuns: 400 },
    )
  })

  it('never worsens by a job that knows nothing taking the good of another away', () => {
    fc.assert(
      fc.property(someJobs, jobs => {
        const before = datasetStatusOf(dataset(), jobs, NOW).status
        const after = datasetStatusOf(dataset(), [...jobs, newJob({ id: 'job-new', place: 'agency' })], NOW).status
        expect(after.lastGood).toEqual(before.lastGood)
      }),
      { numRuns: 200 },
    )
  })
})
