// What each tool that keeps copies must be able to say. Adding one is one file, one line in registry.ts, one test.
import type { BackupToolName, BackupTrouble } from '../../../protocol/backup-words.ts'
import type { RestoreProof, SeenCopy } from '../../../protocol/backups.ts'

/** What one look found. With `trouble` nothing is known of the copies, and nothing is told of them. */
export type Look =
  | { trouble: BackupTrouble; detail: string }
  | { trouble: null; copies: SeenCopy[]; copyCount: number; oldestAt: number | null; verifiedAt: number | null }

/** What was brought back. Without `trouble` it was looked at, and is whole. */
export type Restored = { trouble: BackupTrouble; detail: string } | { trouble: null; proof: RestoreProof }

/** What the tool's own check of the whole found. It may read everything there is: hours. */
export type Verified = { trouble: BackupTrouble; detail: string } | { trouble: null; detail: string }

export type LookContext = {
  /** Wall clock, UTC ms. */
  now: () => number
  /** Ends when nobody waits any more; what was started is ended with it. */
  signal: AbortSignal
  /**
   * What an earlier look of this job noted, so that a copy is read whole once and not with each look. What this look does
   * not note again is forgotten.
   */
  notes: Notes
}

export type Notes = {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

export type RestoreContext = LookContext & {
  /** An empty folder of its own, removed afterwards by who made it. */
  scratch: string
  scope: 'sample' | 'all'
  /** Tells who waits what is done now, in a few plain words. */
  progress: (words: string) => void
  /** As whom a server is started, which refuses to run as root; undefined where we are not root. */
  serverUser: { uid: number; gid: number } | undefined
}

/**
 * `parse` reads the job's own lines from the agent's file (beside those that all jobs have) and throws an error that names
 * the line's key; it touches nothing. `look` and `restore` never throw for what the world does wrong: that is a `trouble`
 * with the tool's own words, without secrets. Copies are newest first.
 */
export type BackupTool<Job> = {
  name: BackupToolName
  parse(fields: Readonly<Record<string, unknown>>): Job
  look(job: Job, context: LookContext): Promise<Look>
  /** Left out where the tool has no check, or tells itself when it did one (`Look.verifiedAt`). */
  verify?(job: Job, context: LookContext): Promise<Verified>
  /** Left out where nothing can be restored from here. */
  restore?(job: Job, context: RestoreContext): Promise<Restored>
}
