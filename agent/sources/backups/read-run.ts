// What lies in the folder of runs was written by our own programs; a disk may have hurt it since. One bad report would cost
// its whole batch, so only what the wire takes goes on.
import {
  BACKUP_LIMITS,
  BACKUP_TOOLS,
  BACKUP_TROUBLES,
  type BackupTrouble,
  RUN_PURPOSES,
} from '../../../protocol/backup-words.ts'
import type { BackupRun, RestoreProof } from '../../../protocol/backups.ts'

import { isDatasetId, isJobName } from './job-id.ts'

class Unreadable extends Error {}

type Raw = Readonly<Record<string, unknown>>

function raw(value: unknown): Raw {
  if (typeof value !== 'object' || value === null) throw new Unreadable()
  return { ...value }
}

function text(value: unknown, longest: number): string {
  if (typeof value !== 'string' || value.length > longest) throw new Unreadable()
  return value
}

function count(value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) throw new Unreadable()
  return value
}

function one<T extends string>(value: unknown, choices: readonly T[]): T {
  const found = choices.find(choice => choice === value)
  if (found === undefined) throw new Unreadable()
  return found
}

const orNull = <T>(value: unknown, read: (value: unknown) => T): T | null => (value === null ? null : read(value))

function id(value: unknown): string {
  if (!isDatasetId(text(value, 36))) throw new Unreadable()
  return text(value, 36)
}

function jobName(value: unknown): string {
  if (!isJobName(text(value, BACKUP_LIMITS.job))) throw new Unreadable()
  return text(value, BACKUP_LIMITS.job)
}

function proof(value: unknown): RestoreProof {
  const { scope, copyId, copyTakenAt, files, bytes, checksumsHeld, databases } = raw(value)
  if (!Array.isArray(databases) || databases.length > BACKUP_LIMITS.databases) throw new Unreadable()
  return {
    scope: one(scope, ['sample', 'all']),
    copyId: text(copyId, BACKUP_LIMITS.copyId),
    copyTakenAt: count(copyTakenAt),
    files: count(files),
    bytes: count(bytes),
    checksumsHeld: count(checksumsHeld),
    databases: databases.map(database => {
      const { name, tables, rows } = raw(database)
      return { name: text(name, 200), tables: count(tables), rows: count(rows) }
    }),
  }
}

/** Undefined for what is no run. */
export function readRun(value: unknown): BackupRun | undefined {
  try {
    const run = raw(value)
    return {
      report: one(run.report, ['run']),
      id: id(run.id),
      dataset: id(run.dataset),
      job: jobName(run.job),
      tool: one(run.tool, BACKUP_TOOLS),
      purpose: one(run.purpose, RUN_PURPOSES),
      startedAt: count(run.startedAt),
      endedAt: orNull(run.endedAt, count),
      outcome: one(run.outcome, ['running', 'good', 'failed']),
      trouble: orNull(run.trouble, (trouble): BackupTrouble => one(trouble, BACKUP_TROUBLES)),
      exitCode: orNull(run.exitCode, code => count(code, 255)),
      detail: text(run.detail, BACKUP_LIMITS.detail),
      bytes: orNull(run.bytes, count),
      files: orNull(run.files, count),
      proof: orNull(run.proof, proof),
    }
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}
