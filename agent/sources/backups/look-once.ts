import { BACKUP_LIMITS, type BackupToolName, type BackupTrouble } from '../../../protocol/backup-words.ts'
import type { BackupSighting, SeenCopy } from '../../../protocol/backups.ts'
import { uuidV7 } from '../../platform/uuid-v7.ts'
import type { Look, LookContext } from './backup-tool.ts'
import { AHEAD_MS } from './clock-ahead.ts'
import type { ReadyJob } from './registry.ts'
import { lastWords } from './without-secrets.ts'

export type About = { dataset: string; name: string; tool: BackupToolName }

/** One look as it is told to the collector: within its limits, without secrets, whatever the tool says or throws. */
export async function lookOnce(job: About & { ready: ReadyJob }, context: LookContext): Promise<BackupSighting> {
  const at = context.now()
  const look = await tryLook(job.ready, context)
  const seen = { at, tookMs: Math.max(0, context.now() - at) }
  if (look.trouble !== null) return unseen(job, seen, look.trouble, look.detail)
  const copies = look.copies
    .map(copy => asTold(copy, at))
    .sort((a, b) => b.takenAt - a.takenAt)
    .slice(0, BACKUP_LIMITS.copies)
  return {
    ...unseen(job, seen, null, ''),
    copies,
    copyCount: Math.max(look.copyCount, copies.length),
    oldestAt: look.oldestAt === null ? null : instantOf(look.oldestAt),
    verifiedAt: look.verifiedAt === null ? null : instantOf(look.verifiedAt),
  }
}

async function tryLook(ready: ReadyJob, context: LookContext): Promise<Look> {
  try {
    const look = await ready.look(context)
    return context.signal.aborted ? { trouble: 'timeout', detail: 'the look took too long' } : look
  } catch (error) {
    if (context.signal.aborted) return { trouble: 'timeout', detail: 'the look took too long' }
    return { trouble: 'answer-unreadable', detail: error instanceof Error ? error.message : String(error) }
  }
}

/** A look that found out nothing of the copies. */
export function unseen(
  { dataset, name, tool }: About,
  { at, tookMs }: { at: number; tookMs: number },
  trouble: BackupTrouble | null,
  detail: string,
): BackupSighting {
  return {
    ...{ report: 'sighting' as const, id: uuidV7(at), dataset, job: name, tool, at: instantOf(at), tookMs },
    ...{ trouble, detail: lastWords(detail, BACKUP_LIMITS.detail) },
    ...{ copies: [], copyCount: 0, oldestAt: null, verifiedAt: null },
  }
}

function asTold({ id, takenAt, bytes, tookMs, trouble }: SeenCopy, now: number): SeenCopy {
  return {
    id: shortName(id),
    takenAt: instantOf(takenAt),
    bytes: bytes === null ? null : Math.max(0, Math.round(bytes)),
    tookMs: tookMs === null ? null : Math.max(0, Math.round(tookMs)),
    trouble: trouble ?? (takenAt > now + AHEAD_MS ? 'clock-ahead' : null),
  }
}

/** The end of a path tells more than its beginning. */
export function shortName(name: string): string {
  if (name === '') return '?'
  return name.length <= BACKUP_LIMITS.copyId ? name : `…${name.slice(-(BACKUP_LIMITS.copyId - 1))}`
}

export function instantOf(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), 8_640_000_000_000_000)
}
