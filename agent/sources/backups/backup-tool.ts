// What each tool that keeps copies must be able to say. Adding one is one file, one line in registry.ts, one test.
import type { BackupToolName, BackupTrouble } from '../../../protocol/backup-words.ts'
import type { RestoreProof, SeenCopy } from '../../../protocol/backups.ts'

/** What one look found. With `trouble` nothing is known of the copies, and nothing is told of them. */
export type Look =
  | { trouble: BackupTrouble; detail: string }
  | { trouble: null; copies: SeenCopy[]; copyCount: number; oldestAt: number | null; verifiedAt: number | null }

/** What was brought back. Without `trouble` it was looked at, and is whole. */
export type Restored = { trouble: BackupTrouble; detail: string } | { trouble: null; proof: RestoreProof }

export type LookContext = {
  /** Wall clock, UTC ms. */
  now: () => number
  /** Ends when nobody waits any more; what was started is ended with it. */
  signal: AbortSignal
}

export type RestoreContext = LookContext & {
  /** An empty folder of its own, removed afterwards by who made it. */
  scratch: string
  scope: 'sample' | 'all'
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
  /** Left out where nothing can be restored from here. */
  restore?(job: Job, context: RestoreContext): Promise<Restored>
}
