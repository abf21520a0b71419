// Short ways of writing a case.
import type { BackupCase } from './tools/backup-case.ts'

type Trouble = BackupCase['trouble']

export const look = (what: string, job: object, trouble: Trouble, more: Partial<BackupCase> = {}): BackupCase => ({
  ...{ what, action: 'look', job: { ...job }, trouble },
  ...more,
})

/** The place can be read, and this is what is wrong with its newest copy. */
export const sees = (what: string, job: object, copy: Trouble, ...others: object[]): BackupCase =>
  look(what, job, null, { copies: [{ trouble: copy }, ...others] })

export const restore = (what: string, job: object, trouble: Trouble, more: Partial<BackupCase> = {}): BackupCase => ({
  ...{ what, action: 'restore all', job: { ...job }, trouble },
  ...more,
})
