// What is known of data sets and of the jobs that back them up, at one moment. All that judges them is pure over it.
import type { BackupLimits, BackupSchedule } from '../../protocol/backup-views.ts'
import type { BackupToolName, BackupTrouble, CopyPlace, Urgency } from '../../protocol/backup-words.ts'
import type { RestoreProof } from '../../protocol/backups.ts'

/** A record of the register of data sets, with what is asked of it. */
export type KnownDataset = {
  id: string
  name: string
  agencyId: string | null
  urgency: Urgency
  urgencyFrom: 'register' | 'assumed'
  limits: BackupLimits
  /** When it was entered, UTC ms. */
  since: number
}

export type KnownSighting = {
  at: number
  toldAt: number
  trouble: BackupTrouble | null
  detail: string
  copyCount: number
  oldestAt: number | null
  verifiedAt: number | null
}

export type KnownCopy = {
  copyId: string
  takenAt: number
  bytes: number | null
  tookMs: number | null
  trouble: BackupTrouble | null
  firstSeenAt: number
  lastSeenAt: number
}

export type KnownRun = {
  id: string
  startedAt: number
  endedAt: number | null
  outcome: 'running' | 'good' | 'failed'
  trouble: BackupTrouble | null
  exitCode: number | null
  detail: string
  bytes: number | null
  proof: RestoreProof | null
  toldAt: number
}

/** A job that a person has accepted, with what was told of it. Lists are newest first. */
export type KnownJob = {
  id: string
  datasetId: string
  name: string
  tool: BackupToolName
  place: CopyPlace
  siteId: string | null
  schedule: BackupSchedule | null
  graceMs: number
  acceptedAt: number
  lastToldAt: number | null
  /** The newest look at the place, and the newest that saw it whole. */
  newestSighting: KnownSighting | null
  wholeSighting: KnownSighting | null
  /** Copies that are still there, as far as was seen. */
  copies: readonly KnownCopy[]
  backupRuns: readonly KnownRun[]
  verifyRuns: readonly KnownRun[]
  restoreRuns: readonly KnownRun[]
}
