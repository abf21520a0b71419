import type { BackupToolName } from '../../../protocol/backup-words.ts'
import type { BackupTool, Look, LookContext, RestoreContext, Restored, Verified } from './backup-tool.ts'
import type { Fields } from './fields.ts'

/** One job, ready to be looked at: its lines are right. */
export type ReadyJob = {
  look(context: LookContext): Promise<Look>
  verify?(context: LookContext): Promise<Verified>
  restore?(context: RestoreContext): Promise<Restored>
}

/** A tool whose jobs nobody else looks into. */
type Prepare = (fields: Fields) => ReadyJob

function prepareWith<Job>(tool: BackupTool<Job>): Prepare {
  return fields => {
    const job = tool.parse(fields)
    const { restore, verify } = tool
    return {
      look: context => tool.look(job, context),
      ...(verify === undefined ? {} : { verify: context => verify.call(tool, job, context) }),
      ...(restore === undefined ? {} : { restore: context => restore.call(tool, job, context) }),
    }
  }
}

/** All tools, a line each. Each is loaded only where a job needs it. What is wrapped or pings is looked at by nobody. */
export const TOOLS: Readonly<Partial<Record<BackupToolName, () => Promise<Prepare>>>> = {
  'postgresql-dump': async () => prepareWith((await import('./postgresql-dump.ts')).postgresqlDump),
  'mariadb-dump': async () => prepareWith((await import('./mariadb-dump.ts')).mariadbDump),
  files: async () => prepareWith((await import('./files.ts')).files),
  rsync: async () => prepareWith((await import('./rsync.ts')).rsync),
  restic: async () => prepareWith((await import('./restic/restic.ts')).restic),
  borg: async () => prepareWith((await import('./borg/borg.ts')).borg),
  pgbackrest: async () => prepareWith((await import('./pgbackrest/pgbackrest.ts')).pgbackrest),
  s3: async () => prepareWith((await import('./s3/s3.ts')).s3),
  'proxmox-ve': async () => prepareWith((await import('./proxmox/proxmox-ve.ts')).proxmoxVe),
  'proxmox-backup-server': async () =>
    prepareWith((await import('./proxmox/proxmox-backup-server.ts')).proxmoxBackupServer),
}
