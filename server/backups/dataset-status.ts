// How a data set stands. Pure: its class, the jobs that were accepted for it, what was told of them, and the time.
import type { BackupFinding, BackupStatus } from '../../protocol/backup-views.ts'
import { COPY_PLACES, type CoverageState } from '../../protocol/backup-words.ts'
import type { Verdict } from '../../protocol/vocabulary.ts'
import { type FindingOf, findingOf, type JobStatus, jobStatusOf } from './job-status.ts'
import type { KnownDataset, KnownJob } from './known.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Worst first. What nobody knows is worse than what may go wrong: it is never `met`. */
const WORST_FIRST: readonly Verdict[] = ['unmet', 'unmeasured', 'at-risk', 'met']

export type DatasetStatus = { dataset: KnownDataset; status: BackupStatus; jobs: JobStatus[] }

export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find(verdict => verdicts.includes(verdict)) ?? 'unmeasured'
}

/** `known`: the accepted jobs of this data set and no others. */
export function datasetStatusOf(dataset: KnownDataset, known: readonly KnownJob[], at: number): DatasetStatus {
  const { limits } = dataset
  const maxAgeMs = limits.maxAgeHours * HOUR_MS
  const jobs = known.map(job => jobStatusOf(job, { maxAgeMs, leastSizeRatio: limits.leastSizeRatio }, at))
  const found = findingOf(null)
  const best = newestOf(jobs)
  const lastGood = best?.lastGood ?? null
  const isYoung = lastGood !== null && at - lastGood.takenAt <= maxAgeMs
  const places = placesOf(dataset, jobs, at)
  const kept = newestBy(jobs, ({ kept }) => kept?.copies ?? -1)?.kept ?? null
  const restored = restoredOf(known)
  const findings = [
    ...ageFindings(jobs, lastGood, maxAgeMs, at, found),
    ...places.flatMap(place => placeFinding(place, found)),
    ...jobs.flatMap(job => job.findings),
    ...(isYoung ? keptFindings(dataset, known, kept, at, found) : []),
    ...(lastGood === null ? [] : restoreFindings(dataset, known, restored, at, found)),
  ].sort((left, right) => WORST_FIRST.indexOf(left.verdict) - WORST_FIRST.indexOf(right.verdict))
  const verdict = worstOf([isYoung ? 'met' : 'unmeasured', ...findings.map(finding => finding.verdict)])
  const status: BackupStatus = {
    ...{ verdict, findings, lastGood, places, kept },
    size: best?.size ?? null,
    growth: best?.growth ?? null,
    lastVerified: newestBy(jobs, ({ lastVerified }) => lastVerified?.at ?? -1)?.lastVerified ?? null,
    ...{ lastRestored: restored.good, lastRestoreFailed: restored.failed },
  }
  return { dataset, status, jobs }
}

function newestOf(jobs: readonly JobStatus[]): JobStatus | undefined {
  return newestBy(jobs, ({ lastGood }) => lastGood?.takenAt ?? -1)
}

function newestBy(jobs: readonly JobStatus[], by: (job: JobStatus) => number): JobStatus | undefined {
  return jobs.reduce<JobStatus | undefined>(
    (best, job) => (best === undefined || by(job) > by(best) ? job : best),
    undefined,
  )
}

function ageFindings(
  jobs: readonly JobStatus[],
  lastGood: BackupStatus['lastGood'],
  maxAgeMs: number,
  at: number,
  found: FindingOf,
): BackupFinding[] {
  if (jobs.length === 0) return [found('no-job', 'unmeasured')]
  if (lastGood === null) {
    // Then it was looked, and is told of as such.
    if (jobs.some(job => job.findings.some(({ code }) => code === 'gone'))) return []
    const waitedMs = at - Math.min(...jobs.map(({ job }) => job.acceptedAt))
    return waitedMs > maxAgeMs
      ? [found('never-came', 'unmet', { ms: waitedMs, limitMs: maxAgeMs })]
      : [found('nothing-yet', 'unmeasured')]
  }
  const ms = at - lastGood.takenAt
  return ms > maxAgeMs ? [found('late', 'unmet', { ms, limitMs: maxAgeMs })] : []
}

type PlaceStatus = BackupStatus['places'][number]

/** Each place, in the order of the list of places. */
function placesOf({ limits }: KnownDataset, jobs: readonly JobStatus[], at: number): PlaceStatus[] {
  const maxAgeMs = limits.maxAgeHours * HOUR_MS
  return COPY_PLACES.map(place => {
    const own = jobs.filter(({ job }) => job.place === place)
    const required = limits.places.includes(place)
    const lastGoodAt = newestOf(own)?.lastGood?.takenAt ?? null
    return { place, required, state: placeState(own, required, lastGoodAt, maxAgeMs, at), lastGoodAt }
  })
}

function placeState(
  jobs: readonly JobStatus[],
  required: boolean,
  lastGoodAt: number | null,
  maxAgeMs: number,
  at: number,
): CoverageState {
  if (jobs.length === 0) return required ? 'no-job' : 'not-required'
  if (lastGoodAt !== null) return at - lastGoodAt <= maxAgeMs ? 'good' : 'late'
  return at - Math.min(...jobs.map(({ job }) => job.acceptedAt)) > maxAgeMs ? 'never' : 'unmeasured'
}

function placeFinding({ place, required, state }: PlaceStatus, found: FindingOf): BackupFinding[] {
  if (!required || state === 'good') return []
  return [
    state === 'unmeasured'
      ? found('place-unknown', 'unmeasured', { place })
      : found('place-missing', 'unmet', { place }),
  ]
}

/** Nobody can have kept copies for a month in the first week. */
function keptFindings(
  { limits }: KnownDataset,
  jobs: readonly KnownJob[],
  kept: BackupStatus['kept'],
  at: number,
  found: FindingOf,
): BackupFinding[] {
  if (kept === null) return []
  const { keepCopies, keepDays, maxAgeHours } = limits
  const watchedMs = at - Math.min(...jobs.map(({ acceptedAt }) => acceptedAt))
  const findings: BackupFinding[] = []
  if (kept.copies < keepCopies && watchedMs > keepCopies * maxAgeHours * HOUR_MS) {
    findings.push(found('too-few-copies', 'unmet', { count: kept.copies, limit: keepCopies }))
  }
  const oldMs = kept.oldestAt === null ? 0 : at - kept.oldestAt
  const limitMs = keepDays * DAY_MS
  if (oldMs < limitMs - maxAgeHours * HOUR_MS && watchedMs > limitMs) {
    findings.push(found('too-short-kept', 'unmet', { ms: oldMs, limitMs }))
  }
  return findings
}

type Restored = { good: BackupStatus['lastRestored']; failed: BackupStatus['lastRestoreFailed'] }

/** Over all jobs: who shows that one copy comes back has shown it for the data set. */
function restoredOf(jobs: readonly KnownJob[]): Restored {
  let good: Restored['good'] = null
  let failed: Restored['failed'] = null
  for (const job of jobs) {
    for (const { outcome, endedAt, startedAt, proof, trouble, detail } of job.restoreRuns) {
      const at = endedAt ?? startedAt
      const told = { at, jobId: job.id, from: 'run' as const }
      if (outcome === 'good' && proof !== null && at > (good?.at ?? -1)) good = { at, proof, told }
      if (outcome === 'failed' && at > (failed?.at ?? -1)) failed = { at, trouble, detail, told }
    }
  }
  return { good, failed }
}

function restoreFindings(
  { limits }: KnownDataset,
  jobs: readonly KnownJob[],
  { good, failed }: Restored,
  at: number,
  found: FindingOf,
): BackupFinding[] {
  const limitMs = limits.restoreTestDays * DAY_MS
  if (failed !== null && failed.at > (good?.at ?? -1)) {
    const { trouble, detail, told } = failed
    const job = jobs.find(({ id }) => id === told.jobId)?.name ?? ''
    return [found('restore-failed', 'unmet', { trouble, detail, job })]
  }
  const ms = at - (good?.at ?? Math.min(...jobs.map(({ acceptedAt }) => acceptedAt)))
  const overdue = ms > limitMs ? [found('restore-overdue', 'unmet', { ms, limitMs })] : []
  return good === null ? [...overdue, found('never-restored', 'at-risk')] : overdue
}
