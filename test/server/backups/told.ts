// Reports as an agent sends them, in a line each.
import { randomUUID } from 'node:crypto'
import type { BackupRun, BackupSighting, SeenCopy } from '../../../protocol/backups.ts'
import type { RegisterInput } from '../../../protocol/register-views.ts'
import { createRegisterRecord } from '../../../server/registers/create-record.ts'
import { ADMIN, type Watch } from '../rules/watch.ts'

export function seen(id: string, takenAt: number, more: Partial<SeenCopy> = {}): SeenCopy {
  return { id, takenAt, bytes: 1_000_000, tookMs: 60_000, trouble: null, ...more }
}

export function sighting(
  dataset: string,
  at: number,
  copies: SeenCopy[],
  more: Partial<BackupSighting> = {},
): BackupSighting {
  const times = copies.map(({ takenAt }) => takenAt)
  return {
    ...{ report: 'sighting', id: randomUUID(), dataset, job: 'malam', tool: 'restic', at, tookMs: 500 },
    ...{ trouble: null, detail: '', copies, copyCount: copies.length, verifiedAt: null },
    oldestAt: times.length === 0 ? null : Math.min(...times),
    ...more,
  }
}

export function ran(dataset: string, startedAt: number, more: Partial<BackupRun> = {}): BackupRun {
  return {
    ...{ report: 'run', id: randomUUID(), dataset, job: 'malam', tool: 'restic', purpose: 'backup', startedAt },
    ...{ endedAt: startedAt + 60_000, outcome: 'good', trouble: null, exitCode: 0, detail: '', bytes: null },
    ...{ files: null, proof: null, ...more },
  }
}

/** Enters a record of a register; answers its id. */
export async function enter(
  watch: Pick<Watch, 'verbDeps'>,
  kind: string,
  input: Partial<RegisterInput>,
): Promise<string> {
  const { recordId } = await createRegisterRecord.perform(watch.verbDeps, ADMIN, { kind, title: 'Catatan', ...input })
  return recordId
}
