// What an agent tells of backups. Which data set a job is for stands in a file on the agent's own machine, with the
// credentials; the collector never names a path, a command or a repository. A report of a job that no person has accepted
// for this agent is kept and counts for nothing.
import { z } from 'zod'
import { BACKUP_LIMITS, BACKUP_TOOLS, BACKUP_TROUBLES, RUN_PURPOSES } from './backup-words.ts'
import { instant, recordId } from './shapes.ts'

const bytes = z.int().min(0)
const count = z.int().min(0)
const tookMs = z.int().min(0)
const trouble = z.enum(BACKUP_TROUBLES).nullable()
/** Words of the tool itself without its secrets; "" where it said nothing. */
const detail = z.string().max(BACKUP_LIMITS.detail)

export const backupJobName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/)
  .max(BACKUP_LIMITS.job)

const about = {
  /** Made once by who saw it: told twice it counts once. */
  id: recordId,
  dataset: recordId,
  job: backupJobName,
  tool: z.enum(BACKUP_TOOLS),
}

const seenCopy = z.strictObject({
  /** As the tool calls it: a snapshot, an archive, a file. */
  id: z.string().min(1).max(BACKUP_LIMITS.copyId),
  takenAt: instant,
  bytes: bytes.nullable(),
  tookMs: tookMs.nullable(),
  /** What is wrong with this copy, as far as one sees from outside. */
  trouble,
})
export type SeenCopy = z.output<typeof seenCopy>

/** One look at a place where copies are. */
export const backupSighting = z.strictObject({
  report: z.literal('sighting'),
  ...about,
  at: instant,
  tookMs,
  /** `null`: the place could be read whole. Otherwise nothing is known of what is there, whatever else is told here. */
  trouble,
  detail,
  /** Newest first. */
  copies: z.array(seenCopy).max(BACKUP_LIMITS.copies),
  copyCount: count,
  oldestAt: instant.nullable(),
  /** When the whole was last found sound by the tool's own check. */
  verifiedAt: instant.nullable(),
})
export type BackupSighting = z.output<typeof backupSighting>

/** What was really brought back and looked at. */
export const restoreProof = z.strictObject({
  scope: z.enum(['sample', 'all']),
  /** The copy that was restored, and when it was taken. */
  copyId: z.string().min(1).max(BACKUP_LIMITS.copyId),
  copyTakenAt: instant,
  files: count,
  bytes,
  /** Files whose checksum was held against one that was known before. */
  checksumsHeld: count,
  databases: z
    .array(z.strictObject({ name: z.string().max(200), tables: count, rows: count }))
    .max(BACKUP_LIMITS.databases),
})
export type RestoreProof = z.output<typeof restoreProof>

/** One attempt: told when it begins (`running`) and again, with the same id, when it has ended. */
export const backupRun = z.strictObject({
  report: z.literal('run'),
  ...about,
  purpose: z.enum(RUN_PURPOSES),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.enum(['running', 'good', 'failed']),
  trouble,
  exitCode: z.int().min(0).max(255).nullable(),
  detail,
  bytes: bytes.nullable(),
  files: count.nullable(),
  /** Of a restore test that went well. */
  proof: restoreProof.nullable(),
})
export type BackupRun = z.output<typeof backupRun>

export const backupReport = z.discriminatedUnion('report', [backupSighting, backupRun])
export type BackupReport = z.output<typeof backupReport>
