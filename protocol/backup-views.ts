// What the pages see of backups. Each thing that is told carries what it rests on: when it was seen, and by which job.
import { z } from 'zod'
import {
  BACKUP_FINDINGS,
  BACKUP_JOB_STATES,
  BACKUP_TOOLS,
  BACKUP_TROUBLES,
  COPY_PLACES,
  COVERAGE_GAPS,
  COVERAGE_STATES,
  RUN_PURPOSES,
  URGENCIES,
} from './backup-words.ts'
import { restoreProof } from './backups.ts'
import { reminderMailView } from './reminder-mail.ts'
import { bilingual, instant, recordId } from './shapes.ts'
import { VERDICTS } from './vocabulary.ts'

const place = z.enum(COPY_PLACES)
const trouble = z.enum(BACKUP_TROUBLES).nullable()
const verdict = z.enum(VERDICTS)
const named = z.strictObject({ id: recordId, name: z.string() })

/** What an urgency class asks of each of its data sets. */
export const backupLimits = z.strictObject({
  maxAgeHours: z
    .number()
    .positive()
    .max(24 * 400),
  /** At least so many copies, and back to at least so many days. */
  keepCopies: z.int().min(1).max(1_000),
  keepDays: z.int().min(0).max(3_660),
  places: z.array(place).max(COPY_PLACES.length),
  restoreTestDays: z.int().min(1).max(3_660),
  /** Smaller than this part of the median of recent copies, and it has shrunk. */
  leastSizeRatio: z.number().min(0).max(1),
})
export type BackupLimits = z.output<typeof backupLimits>

export const backupClassView = z.strictObject({
  urgency: z.enum(URGENCIES),
  limits: backupLimits,
  /** `null`: nobody has changed what Pantau proposes. No regulation sets these numbers. */
  setBy: z.string().nullable(),
  setAt: instant.nullable(),
  reason: z.string().nullable(),
  /** What stood before, newest first. */
  earlier: z.array(
    z.strictObject({ limits: backupLimits, setBy: z.string(), from: instant, until: instant, reason: z.string() }),
  ),
})
export type BackupClassView = z.output<typeof backupClassView>

/** When, and by which job's word, something is known. Its age is the view's `at` minus this `at`. */
const told = z.strictObject({ at: instant, jobId: recordId, from: z.enum(['sighting', 'run']) })

export const backupFinding = z.strictObject({
  code: z.enum(BACKUP_FINDINGS),
  verdict,
  words: bilingual,
  jobId: recordId.nullable(),
  place: place.nullable(),
  trouble,
})
export type BackupFinding = z.output<typeof backupFinding>

export const backupStatus = z.strictObject({
  /** The worst of what was found; `met` only where a good copy was really seen. */
  verdict,
  /** Worst first. */
  findings: z.array(backupFinding),
  lastGood: z
    .strictObject({
      takenAt: instant,
      tookMs: z.int().nullable(),
      bytes: z.int().nullable(),
      copyId: z.string().nullable(),
      told,
    })
    .nullable(),
  size: z
    .strictObject({ bytes: z.int(), medianBytes: z.number(), ratio: z.number(), basedOn: z.int(), told })
    .nullable(),
  /** Over all that is known of at most 90 days. */
  growth: z.strictObject({ bytesPerDay: z.number(), overDays: z.number(), basedOn: z.int(), told }).nullable(),
  kept: z.strictObject({ copies: z.int(), oldestAt: instant.nullable(), told }).nullable(),
  places: z.array(
    z.strictObject({ place, required: z.boolean(), state: z.enum(COVERAGE_STATES), lastGoodAt: instant.nullable() }),
  ),
  lastVerified: z.strictObject({ at: instant, told }).nullable(),
  /** Only a restore test that went well and tells what it brought back. */
  lastRestored: z.strictObject({ at: instant, proof: restoreProof, told }).nullable(),
  lastRestoreFailed: z.strictObject({ at: instant, trouble, detail: z.string(), told }).nullable(),
})
export type BackupStatus = z.output<typeof backupStatus>

export const backupSchedule = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('period'),
    periodMs: z
      .int()
      .min(60_000)
      .max(400 * 86_400_000),
  }),
  /** Five fields, by the clock of `timeZone` (IANA). */
  z.strictObject({
    kind: z.literal('cron'),
    expression: z.string().trim().min(9).max(100),
    timeZone: z.string().max(50),
  }),
])
export type BackupSchedule = z.output<typeof backupSchedule>

export const backupJobView = z.strictObject({
  id: recordId,
  dataset: named.nullable(),
  /** As the agent's file calls the data set, also where no such one is registered. */
  datasetId: recordId,
  /** `null` for a job that pings. */
  agent: named.nullable(),
  name: z.string(),
  title: z.string(),
  tool: z.enum(BACKUP_TOOLS),
  state: z.enum(BACKUP_JOB_STATES),
  place: place.nullable(),
  site: named.nullable(),
  schedule: backupSchedule.nullable(),
  graceMs: z.int().nullable(),
  /** When the next word of it is due, with its grace; null without a schedule. */
  dueAt: instant.nullable(),
  createdAt: instant,
  createdBy: z.string(),
  acceptedAt: instant.nullable(),
  acceptedBy: z.string().nullable(),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endedReason: z.string().nullable(),
  firstToldAt: instant.nullable(),
  lastToldAt: instant.nullable(),
  verdict,
  findings: z.array(backupFinding),
  lastGoodAt: instant.nullable(),
})
export type BackupJobView = z.output<typeof backupJobView>

export const backupRunView = z.strictObject({
  id: recordId,
  jobId: recordId,
  purpose: z.enum(RUN_PURPOSES),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.enum(['running', 'good', 'failed']),
  trouble,
  exitCode: z.int().nullable(),
  detail: z.string(),
  bytes: z.int().nullable(),
  files: z.int().nullable(),
  proof: restoreProof.nullable(),
  receivedAt: instant,
  /** The agent's clock ran ahead: this run is shown and counts for nothing. */
  clockAhead: z.boolean(),
})
export type BackupRunView = z.output<typeof backupRunView>

export const backupCopyView = z.strictObject({
  jobId: recordId,
  copyId: z.string(),
  takenAt: instant,
  bytes: z.int().nullable(),
  tookMs: z.int().nullable(),
  trouble,
  firstSeenAt: instant,
  lastSeenAt: instant,
  /** When the place was read and it was there no more. */
  goneAt: instant.nullable(),
})
export type BackupCopyView = z.output<typeof backupCopyView>

export const backupSightingView = z.strictObject({
  id: recordId,
  jobId: recordId,
  at: instant,
  tookMs: z.int(),
  trouble,
  detail: z.string(),
  copyCount: z.int(),
  oldestAt: instant.nullable(),
  verifiedAt: instant.nullable(),
})
export type BackupSightingView = z.output<typeof backupSightingView>

export const backupDatasetView = z.strictObject({
  at: instant,
  id: recordId,
  name: z.string(),
  agency: named.nullable(),
  urgency: z.enum(URGENCIES),
  /** `assumed` where the register says nothing. */
  urgencyFrom: z.enum(['register', 'assumed']),
  limits: backupLimits,
  services: z.array(named),
  status: backupStatus,
  /** Also those that wait for acceptance, and those that were ended. */
  jobs: z.array(backupJobView),
})
export type BackupDatasetView = z.output<typeof backupDatasetView>

const coverageCell = z.strictObject({
  place,
  state: z.enum(COVERAGE_STATES),
  required: z.boolean(),
  lastGoodAt: instant.nullable(),
  jobs: z.int(),
})

export const coverageGap = z.strictObject({
  gap: z.enum(COVERAGE_GAPS),
  words: bilingual,
  /** The data set or service that it is about. */
  about: named.nullable(),
  place: place.nullable(),
})
export type CoverageGapView = z.output<typeof coverageGap>

export const coverageRow = z.strictObject({
  dataset: named,
  urgency: z.enum(URGENCIES),
  verdict,
  findings: z.array(z.enum(BACKUP_FINDINGS)),
  lastGoodAt: instant.nullable(),
  lastRestoredAt: instant.nullable(),
  /** One a place, in the order of the list of places. */
  cells: z.array(coverageCell),
})
export type CoverageRow = z.output<typeof coverageRow>

export const coverageAgency = z.strictObject({
  /** `null`: data sets that no agency is named for. */
  agency: z.strictObject({ id: recordId, name: z.string(), shortName: z.string() }).nullable(),
  /** The worst of its data sets; `unmeasured` without any. */
  verdict,
  rows: z.array(coverageRow),
  gaps: z.array(coverageGap),
})
export type CoverageAgency = z.output<typeof coverageAgency>

export const coverageView = z.strictObject({
  at: instant,
  agencies: z.array(coverageAgency),
  totals: z.strictObject({
    agencies: z.int(),
    agenciesWithoutDataset: z.int(),
    datasets: z.int(),
    datasetsWithoutJob: z.int(),
    services: z.int(),
    servicesWithoutDataset: z.int(),
    /** Data sets by verdict. */
    ...{ met: z.int(), atRisk: z.int(), unmet: z.int(), unmeasured: z.int() },
  }),
})
export type CoverageView = z.output<typeof coverageView>

export const reminderView = z.strictObject({
  id: recordId,
  agency: named,
  at: instant,
  by: z.string(),
  text: z.string(),
  /** What was missing when they were reminded. */
  gaps: z.array(coverageGap),
  /** Number of the notice among the incidents, through which it went to the channels. */
  noticeNumber: z.int().nullable(),
  /** Who answers for the agency, as the register of contacts had it. */
  contact: z.string().nullable(),
  /** The mail to the contact; null without an address. */
  mail: reminderMailView.nullable(),
  answer: z
    .strictObject({ at: instant, by: z.string(), text: z.string(), promisedOn: z.iso.date().nullable() })
    .nullable(),
})
export type ReminderView = z.output<typeof reminderView>

export const supervisionView = z.strictObject({
  at: instant,
  /** Those with something missing first. */
  agencies: z.array(
    z.strictObject({
      agency: z.strictObject({ id: recordId, name: z.string(), shortName: z.string() }),
      verdict,
      gaps: z.array(coverageGap),
      /** `null` while no contact of the agency is on record. */
      contact: z.string().nullable(),
      /** Newest first. */
      reminders: z.array(reminderView),
    }),
  ),
})
export type SupervisionView = z.output<typeof supervisionView>
