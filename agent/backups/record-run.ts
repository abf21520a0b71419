// The beginning and the end of a job that somebody else runs, as reports that the agent carries home.
import { stat } from 'node:fs/promises'
import { BACKUP_LIMITS } from '../../protocol/backup-words.ts'
import type { BackupRun } from '../../protocol/backups.ts'
import { uuidV7 } from '../platform/uuid-v7.ts'
import { filesBelow } from '../sources/backups/copies-in-place.ts'
import { holderOf, keepRun, readKeptRun } from '../sources/backups/runs.ts'
import { lastWords, secretsOf } from '../sources/backups/without-secrets.ts'

/** Keeps that a job began, which process `pid` runs; gives the run. Rejects where it can't be kept. */
export async function recordBegin(
  data: string,
  about: { dataset: string; job: string; pid: number },
): Promise<BackupRun> {
  const { dataset, job, pid } = about
  const startedAt = Date.now()
  const run: BackupRun = {
    ...{ report: 'run', id: uuidV7(startedAt), dataset, job, tool: 'command', purpose: 'backup' },
    ...{ startedAt, endedAt: null, outcome: 'running', trouble: null, exitCode: null, detail: '' },
    ...{ bytes: null, files: null, proof: null },
  }
  await keepRun(data, run, (await holderOf(pid)) ?? null)
  return run
}

export type End = {
  exitCode: number
  /** The last of what it complained of. */
  words: string
  bytes: number | null
  files: number | null
}

/** Keeps how it ended. Of a job that went well its words are nobody's business. */
export async function recordEnd(data: string, run: BackupRun, { exitCode, words, bytes, files }: End): Promise<void> {
  const isGood = exitCode === 0
  const detail = isGood ? '' : lastWords(words, BACKUP_LIMITS.detail, secretsOf(process.env))
  const ended: BackupRun = {
    ...{ ...run, endedAt: Math.max(Date.now(), run.startedAt), outcome: isGood ? 'good' : 'failed' },
    ...{ trouble: isGood ? null : troubleOfWords(exitCode, words), exitCode: Math.min(exitCode, 255) },
    ...{ detail, bytes, files },
  }
  await keepRun(data, ended, null)
}

export async function recordedRun(data: string, id: string): Promise<BackupRun | undefined> {
  return (await readKeptRun(data, id))?.run
}

function troubleOfWords(exitCode: number, words: string): BackupRun['trouble'] {
  if (/no space left on device|disk quota exceeded/i.test(words)) return 'disk-full'
  // As a shell says that it found no such program, or may not run it.
  return exitCode === 127 || exitCode === 126 ? 'tool-missing' : 'command-failed'
}

/** How much there is at a path now. Rejects where it can't be read. */
export async function sizeOf(path: string): Promise<{ bytes: number; files: number }> {
  const own = await stat(path)
  if (!own.isDirectory()) return { bytes: own.size, files: 1 }
  const sum = { bytes: 0, files: 0 }
  for await (const { stats } of filesBelow(path)) {
    sum.bytes += stats.size
    sum.files += 1
  }
  return sum
}
