import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'
import type { BackupRun } from '../../../protocol/backups.ts'
import { uuidV7 } from '../../platform/uuid-v7.ts'
import type { LookContext, Restored, Verified } from './backup-tool.ts'
import type { Job } from './job-file.ts'
import { instantOf, shortName } from './look-once.ts'
import { writeChecked } from './place.ts'
import type { Trouble } from './program-trouble.ts'
import { holderOf, keepRun } from './runs.ts'
import { clearLeftScratch, makeScratch } from './scratch.ts'
import { userOfServers } from './server-user.ts'
import { troubleOfError } from './system-trouble.ts'
import { lastWords } from './without-secrets.ts'

export type CheckDeps = LookContext & {
  data: string
  scratch: string
  scope: 'sample' | 'all'
  progress: (words: string) => void
}

/**
 * Restores a job's newest copy into scratch, looks at it and clears it away; or has the tool check itself. Beginning and end
 * are kept as one run; gives the end. Rejects only where nothing can be kept.
 */
export async function checkOnce(job: Job, purpose: 'verify' | 'restore-test', deps: CheckDeps): Promise<BackupRun> {
  const { data, now } = deps
  const startedAt = instantOf(now())
  const begun: BackupRun = {
    ...{ report: 'run', id: uuidV7(startedAt), dataset: job.dataset, job: job.name, tool: job.tool },
    ...{ purpose, startedAt, endedAt: null, outcome: 'running', trouble: null },
    ...{ exitCode: null, detail: '', bytes: null, files: null, proof: null },
  }
  await keepRun(data, begun, (await holderOf(process.pid)) ?? null)
  const found = purpose === 'verify' ? await verify(job, deps) : await restore(job, begun.id, deps)
  const ended = { ...begun, endedAt: Math.max(startedAt, instantOf(now())), ...outcomeOf(found) }
  await keepRun(data, ended, null)
  await writeChecked(data, job, purpose, { at: ended.endedAt, wasGood: ended.outcome === 'good' })
  return ended
}

async function verify(job: Job, deps: CheckDeps): Promise<Verified> {
  const { verify } = job.ready
  if (verify === undefined) return { trouble: 'configuration-wrong', detail: `${job.tool} has no check of its own` }
  return withoutThrowing(deps.signal, () => verify(deps))
}

async function restore(job: Job, id: string, deps: CheckDeps): Promise<Restored> {
  const { signal, progress, scratch } = deps
  const { restore } = job.ready
  if (restore === undefined) return { trouble: 'configuration-wrong', detail: `nothing can be restored by ${job.tool}` }
  return withoutThrowing<Restored>(signal, async () => {
    const serverUser = await userOfServers(scratch)
    await clearLeftScratch(scratch)
    const place = await makeScratch(scratch, id, serverUser)
    try {
      return await restore({ ...deps, scratch: place.folder, serverUser })
    } finally {
      progress('clearing away what was restored')
      await place.remove()
    }
  })
}

async function withoutThrowing<T extends Verified | Restored>(
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | Trouble> {
  const late: Trouble = { trouble: 'timeout', detail: 'it took too long' }
  try {
    const found = await work()
    return signal.aborted ? late : found
  } catch (error) {
    return signal.aborted ? late : troubleOfError(error)
  }
}

type Outcome = Pick<BackupRun, 'outcome' | 'trouble' | 'detail' | 'bytes' | 'files' | 'proof'>

function outcomeOf(found: Verified | Restored): Outcome {
  const nothing = { bytes: null, files: null, proof: null }
  const detail = 'detail' in found ? lastWords(found.detail, BACKUP_LIMITS.detail) : ''
  if (found.trouble !== null) return { outcome: 'failed', trouble: found.trouble, detail, ...nothing }
  if (!('proof' in found)) return { outcome: 'good', trouble: null, detail, ...nothing }
  const { copyId, copyTakenAt, databases, ...counts } = found.proof
  const proof = {
    ...counts,
    copyId: shortName(copyId),
    copyTakenAt: instantOf(copyTakenAt),
    databases: databases
      .slice(0, BACKUP_LIMITS.databases)
      .map(database => ({ ...database, name: database.name.slice(0, 200) })),
  }
  return { outcome: 'good', trouble: null, detail, bytes: counts.bytes, files: counts.files, proof }
}
