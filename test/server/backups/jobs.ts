// Data sets, jobs and what was told of them, in a line each.
import type { BackupLimits } from '../../../protocol/backup-views.ts'
import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import type { RestoreProof } from '../../../protocol/backups.ts'
import type { KnownCopy, KnownDataset, KnownJob, KnownRun, KnownSighting } from '../../../server/backups/known.ts'

export const NOW = Date.UTC(2026, 10, 22, 3)
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
export const MIB = 1024 * 1024

export const LIMITS: BackupLimits = {
  ...{ maxAgeHours: 26, keepCopies: 3, keepDays: 7, places: ['data-centre'], restoreTestDays: 90, leastSizeRatio: 0.5 },
}

export function dataset(more: Partial<KnownDataset> = {}): KnownDataset {
  return {
    ...{ id: 'dataset-1', name: 'Kependudukan', agencyId: 'agency-1', urgency: 'high', urgencyFrom: 'register' },
    ...{ limits: LIMITS, since: NOW - 400 * DAY_MS },
    ...more,
  }
}

/** Taken so long ago. */
export function copy(agoMs: number, more: Partial<KnownCopy> = {}): KnownCopy {
  const takenAt = NOW - agoMs
  return {
    ...{ copyId: `copy-${takenAt}`, takenAt, bytes: 100 * MIB, tookMs: 20 * MINUTE_MS, trouble: null },
    ...{ firstSeenAt: takenAt, lastSeenAt: NOW - 10 * MINUTE_MS },
    ...more,
  }
}

export function look(more: Partial<KnownSighting> = {}): KnownSighting {
  const at = NOW - 10 * MINUTE_MS
  return {
    ...{ at, toldAt: at, trouble: null, detail: '', copyCount: 30, oldestAt: NOW - 30 * DAY_MS, verifiedAt: null },
    ...more,
  }
}

/** One that ended so long ago. */
export function run(agoMs: number, outcome: KnownRun['outcome'], more: Partial<KnownRun> = {}): KnownRun {
  const endedAt = outcome === 'running' ? null : NOW - agoMs
  return {
    ...{ id: `run-${agoMs}`, startedAt: NOW - agoMs - (endedAt === null ? 0 : 20 * MINUTE_MS), endedAt, outcome },
    ...{ trouble: null, exitCode: null, detail: '', bytes: null, proof: null, toldAt: NOW - agoMs },
    ...more,
  }
}

export const PROOF: RestoreProof = {
  ...{ scope: 'all', copyId: 'copy-1', copyTakenAt: NOW - 3 * DAY_MS, files: 40, bytes: 100 * MIB },
  ...{ checksumsHeld: 40, databases: [{ name: 'warga', tables: 12, rows: 480_000 }] },
}

/** A job that does what it should: a copy each night, looked at ten minutes ago, restored a month ago. */
export function goodJob(more: Partial<KnownJob> = {}): KnownJob {
  return {
    ...{ id: 'job-1', datasetId: 'dataset-1', name: 'malam', tool: 'restic', place: 'data-centre', siteId: null },
    ...{ schedule: null, graceMs: HOUR_MS, acceptedAt: NOW - 200 * DAY_MS, lastToldAt: NOW - 10 * MINUTE_MS },
    ...{ newestSighting: look(), wholeSighting: look() },
    copies: [6, 30, 54, 78].map(hours => copy(hours * HOUR_MS)),
    ...{ backupRuns: [], verifyRuns: [], restoreRuns: [run(30 * DAY_MS, 'good', { proof: PROOF })] },
    ...more,
  }
}

/** A job that was accepted yesterday and has said nothing. */
export function newJob(more: Partial<KnownJob> = {}): KnownJob {
  return goodJob({
    ...{ acceptedAt: NOW - 20 * HOUR_MS, lastToldAt: null, newestSighting: null, wholeSighting: null, copies: [] },
    restoreRuns: [],
    ...more,
  })
}

/** A job whose place could not be looked at, ten minutes ago, for this reason. */
export function blind(trouble: BackupTrouble, more: Partial<KnownJob> = {}): KnownJob {
  return goodJob({ newestSighting: look({ trouble, copyCount: 0, oldestAt: null }), ...more })
}

/** A job that only tells how its command ended: no copies are looked at. */
export function runJob(backupRuns: KnownRun[], more: Partial<KnownJob> = {}): KnownJob {
  return goodJob({ tool: 'command', newestSighting: null, wholeSighting: null, copies: [], backupRuns, ...more })
}
