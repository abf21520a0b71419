// How one job stands. Pure: what was told of it, the limits of its data set, and the time.
import type { BackupFinding, BackupStatus } from '../../protocol/backup-views.ts'
import type { BackupFindingCode, BackupTrouble } from '../../protocol/backup-words.ts'
import type { Verdict } from '../../protocol/vocabulary.ts'
import { type FindingFacts, wordsOfFinding } from './finding-words.ts'
import type { KnownCopy, KnownJob, KnownRun } from './known.ts'
import { nextRunAfter } from './schedule.ts'
import { growthOf, type SizedCopy, sizeOf } from './sizes.ts'

const HOUR_MS = 3_600_000

/** A job without a schedule that looks at copies speaks many times a day. */
const QUIET_MS = 24 * HOUR_MS
const LONGEST_RUN_MS = 6 * HOUR_MS
/** A run that takes so many times as long as usual hangs. */
const HANGS_AFTER = 4
/** So much larger than usual is worth a look: somebody may have encrypted it. */
const GROWN_RATIO = 3

/** The place was looked at in vain: nothing is known of what is there. All other troubles are of the copies themselves. */
const BLIND: readonly BackupTrouble[] = [
  ...(['configuration-wrong', 'tool-missing', 'unreachable', 'wrong-password', 'permission-denied'] as const),
  ...(['locked', 'timeout', 'answer-unreadable', 'command-failed', 'disk-full', 'never-ended'] as const),
]

export type GoodCopy = NonNullable<BackupStatus['lastGood']>

export type JobStatus = {
  job: KnownJob
  findings: BackupFinding[]
  lastGood: GoodCopy | null
  size: BackupStatus['size']
  growth: BackupStatus['growth']
  kept: BackupStatus['kept']
  lastVerified: BackupStatus['lastVerified']
  dueAt: number | null
}

export type FindingOf = (code: BackupFindingCode, verdict: Verdict, facts?: FindingFacts) => BackupFinding

export function findingOf(job: KnownJob | null): FindingOf {
  return (code, verdict, facts = {}) => ({
    ...{ code, verdict, jobId: job?.id ?? null },
    words: wordsOfFinding(code, { job: job?.name ?? '', ...facts }),
    place: facts.place ?? job?.place ?? null,
    trouble: facts.trouble ?? null,
  })
}

export function jobStatusOf(
  job: KnownJob,
  limits: { maxAgeMs: number; leastSizeRatio: number },
  at: number,
): JobStatus {
  const found = findingOf(job)
  const lastGood = lastGoodOf(job)
  const isYoung = lastGood !== null && at - lastGood.takenAt <= limits.maxAgeMs
  const sized = sizedCopiesOf(job)
  const size = sizeOf(sized)
  const dueAt = dueAtOf(job)
  const findings = [
    ...lookFindings(job, isYoung, found),
    ...runFindings(job, at, found),
    ...silenceFindings(job, dueAt, at, found),
    ...(size !== null && size.ratio < limits.leastSizeRatio ? [found('shrunk', 'unmet', { ratio: size.ratio })] : []),
    ...(size !== null && size.ratio > GROWN_RATIO ? [found('grown', 'at-risk', { ratio: size.ratio })] : []),
  ]
  return {
    ...{ job, findings, lastGood, size, dueAt },
    growth: growthOf(sized, at),
    kept: keptOf(job),
    lastVerified: lastVerifiedOf(job),
  }
}

/** Where copies are looked at, they decide: a command that ends with 0 and leaves nothing has made no backup. */
function lastGoodOf(job: KnownJob): GoodCopy | null {
  if (job.newestSighting !== null) {
    const seenAt = job.wholeSighting?.at ?? job.newestSighting.at
    const copy = job.copies.find(one => one.trouble === null)
    if (copy === undefined || isGone(job)) return null
    return { ...ofCopy(copy), told: { at: Math.min(copy.lastSeenAt, seenAt), jobId: job.id, from: 'sighting' } }
  }
  const run = job.backupRuns.find(one => one.outcome === 'good' && one.endedAt !== null)
  if (run === undefined) return null
  // What was written after the beginning may be missing in it: it is as old as its beginning.
  return {
    ...{ takenAt: run.startedAt, tookMs: tookOf(run), bytes: run.bytes, copyId: null },
    told: { at: run.endedAt ?? run.startedAt, jobId: job.id, from: 'run' },
  }
}

function ofCopy({ takenAt, tookMs, bytes, copyId }: KnownCopy) {
  return { takenAt, tookMs, bytes, copyId }
}

/** The place answered, and what was there is not. */
function isGone({ newestSighting }: KnownJob): boolean {
  return newestSighting?.trouble === 'repository-missing' || newestSighting?.trouble === 'nothing-there'
}

function lookFindings(job: KnownJob, isYoung: boolean, found: FindingOf): BackupFinding[] {
  const { newestSighting: look } = job
  if (look === null) return []
  const { trouble, detail } = look
  if (trouble === 'repository-missing' || trouble === 'nothing-there')
    return [found('gone', 'unmet', { trouble, detail })]
  if (trouble !== null && BLIND.includes(trouble)) {
    return [found('not-seen', isYoung ? 'at-risk' : 'unmet', { trouble, detail })]
  }
  if (trouble !== null) return [found('bad-copy', 'unmet', { trouble, detail })]
  const [newest] = job.copies
  if (newest?.trouble === 'clock-ahead') return [found('clock-ahead', 'unmet', { trouble: newest.trouble })]
  if (newest !== undefined && newest.trouble !== null) return [found('bad-copy', 'unmet', { trouble: newest.trouble })]
  return look.copyCount === 0 ? [found('gone', 'unmet', { trouble: 'nothing-there' })] : []
}

function runFindings(job: KnownJob, at: number, found: FindingOf): BackupFinding[] {
  const [newest] = job.backupRuns
  const ended = job.backupRuns.find(({ outcome }) => outcome !== 'running')
  const [check] = job.verifyRuns.filter(({ outcome }) => outcome !== 'running')
  const findings: BackupFinding[] = []
  if (ended?.outcome === 'failed') {
    findings.push(found('failed', 'unmet', { trouble: ended.trouble, detail: ended.detail }))
  }
  if (newest?.outcome === 'running' && at - newest.startedAt > longestRunMs(job)) {
    findings.push(found('never-ended', 'unmet', { ms: at - newest.startedAt }))
  }
  if (check?.outcome === 'failed') {
    findings.push(found('verify-failed', 'unmet', { trouble: check.trouble, detail: check.detail }))
  }
  return findings
}

function longestRunMs(job: KnownJob): number {
  if (job.schedule !== null) return job.graceMs
  const took = job.backupRuns.flatMap(run => tookOf(run) ?? []).sort((left, right) => left - right)
  return Math.max(LONGEST_RUN_MS, HANGS_AFTER * (took[Math.floor(took.length / 2)] ?? 0))
}

function silenceFindings(job: KnownJob, dueAt: number | null, at: number, found: FindingOf): BackupFinding[] {
  // What never spoke is told of as a copy that never came.
  if (job.lastToldAt === null) return []
  const ms = at - job.lastToldAt
  if (dueAt !== null) return at > dueAt ? [found('silent', 'unmet', { ms })] : []
  return job.newestSighting !== null && ms > QUIET_MS ? [found('silent', 'at-risk', { ms })] : []
}

/** When a job with a schedule must have spoken; its grace is in it. */
export function dueAtOf(job: Pick<KnownJob, 'schedule' | 'graceMs' | 'acceptedAt' | 'backupRuns'>): number | null {
  if (job.schedule === null) return null
  const ended = job.backupRuns.find(({ outcome }) => outcome !== 'running')
  const from = Math.max(job.acceptedAt, ended?.endedAt ?? 0)
  const next = nextRunAfter(job.schedule, from)
  return next === null ? null : next + job.graceMs
}

function sizedCopiesOf(job: KnownJob): SizedCopy[] {
  const from = job.newestSighting === null ? ('run' as const) : ('sighting' as const)
  if (from === 'sighting') {
    return job.copies
      .filter(({ trouble }) => trouble !== 'clock-ahead')
      .map(({ takenAt, bytes, lastSeenAt }) => ({ takenAt, bytes, told: { at: lastSeenAt, jobId: job.id, from } }))
  }
  return job.backupRuns
    .filter(({ outcome }) => outcome === 'good')
    .map(run => ({ takenAt: run.startedAt, bytes: run.bytes, told: { at: run.toldAt, jobId: job.id, from } }))
}

function keptOf({ id, wholeSighting }: KnownJob): BackupStatus['kept'] {
  if (wholeSighting === null) return null
  const { copyCount, oldestAt, at } = wholeSighting
  return { copies: copyCount, oldestAt, told: { at, jobId: id, from: 'sighting' } }
}

function lastVerifiedOf({ id, verifyRuns, wholeSighting }: KnownJob): BackupStatus['lastVerified'] {
  const run = verifyRuns.find(({ outcome }) => outcome === 'good')
  const byRun = run === undefined ? null : (run.endedAt ?? run.startedAt)
  const bySight = wholeSighting?.verifiedAt ?? null
  if (byRun !== null && (bySight === null || byRun >= bySight)) {
    return { at: byRun, told: { at: byRun, jobId: id, from: 'run' } }
  }
  if (bySight === null || wholeSighting === null) return null
  return { at: bySight, told: { at: wholeSighting.at, jobId: id, from: 'sighting' } }
}

export function tookOf({ startedAt, endedAt }: Pick<KnownRun, 'startedAt' | 'endedAt'>): number | null {
  return endedAt === null || endedAt <= startedAt ? null : endedAt - startedAt
}
