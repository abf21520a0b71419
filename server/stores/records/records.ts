import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import { createDurableDialect, type DurableDialect, type LogHooks } from './durable-dialect.ts'
import { LOG_PAGES } from './log-keeper.ts'
import * as spine from './migrations/0001-spine.ts'
import * as writers from './migrations/0002-writers.ts'
import * as installAndPush from './migrations/0003-install-and-push.ts'
import * as quarantine from './migrations/0004-quarantine.ts'
import * as inventory from './migrations/0005-inventory.ts'
import * as polledDevices from './migrations/0006-polled-devices.ts'
import * as links from './migrations/0007-links.ts'
import * as backups from './migrations/0008-backups.ts'
import * as registers from './migrations/0009-registers.ts'
import * as duties from './migrations/0010-duties.ts'
import * as sharedPowerAndNeighbours from './migrations/0014-shared-power-and-neighbours.ts'
import * as servicesAsSubjects from './migrations/0015-services-as-subjects.ts'
import * as sweeps from './migrations/0016-sweeps.ts'
import * as ownCopies from './migrations/0017-own-copies.ts'
import * as reminderMail from './migrations/0018-reminder-mail.ts'
import type { Tables } from './schema.ts'

/** Records of the house: inventory, incidents, verdicts, audit and so on. */
export type Records = Kysely<Tables>
export type RecordsTransaction = Transaction<Tables>

export const RECORDS_FILE = 'records.db'

const MIGRATIONS = {
  '0001-spine': spine,
  '0002-writers': writers,
  '0003-install-and-push': installAndPush,
  '0004-quarantine': quarantine,
  '0005-inventory': inventory,
  '0006-polled-devices': polledDevices,
  '0007-links': links,
  '0008-backups': backups,
  '0009-registers': registers,
  '0010-duties': duties,
  '0014-shared-power-and-neighbours': sharedPowerAndNeighbours,
  '0015-services-as-subjects': servicesAsSubjects,
  '0016-sweeps': sweeps,
  '0017-own-copies': ownCopies,
  '0018-reminder-mail': reminderMail,
}

/**
 * Opens `records.db` in `directory` (made when missing), forward-migrates it, and keeps it readable by the owner only.
 * A copy of the file is made before a migration changes a database that has content. For commands, which copy the log into
 * the file themselves; a collector opens its records by kept-records.ts.
 */
export async function openRecords(deps: { directory: string }): Promise<Records> {
  return (await openRecordsFile(deps)).records
}

/** With `log` somebody else copies the log into the file. */
export async function openRecordsFile(deps: {
  directory: string
  log?: LogHooks
}): Promise<{ records: Records } & Pick<DurableDialect, 'loseLog'>> {
  mkdirSync(deps.directory, { recursive: true, mode: 0o700 })
  const path = join(deps.directory, RECORDS_FILE)
  const sqlite = new Database(path)
  chmodSync(path, 0o600)
  sqlite.pragma('journal_mode = WAL')
  // The new tables of a migration are on the disk before anything else is; from then on durable-dialect.ts sees to it.
  sqlite.pragma('synchronous = FULL')
  // A larger log, so that it is written into the file every few seconds and not with each group of batches.
  sqlite.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
  sqlite.pragma('foreign_keys = ON')
  sqlite.pragma('busy_timeout = 5000')
  const { dialect, loseLog } = createDurableDialect(sqlite, deps.log)
  const records = new Kysely<Tables>({ dialect })
  const migrator = new Migrator({
    db: records,
    provider: { getMigrations: async () => MIGRATIONS },
    // Rooms are built side by side: a database may know a later number before an earlier one. No two touch one table.
    allowUnorderedMigrations: true,
  })
  const waiting = (await migrator.getMigrations()).filter(migration => migration.executedAt === undefined)
  const hasContent = waiting.length > 0 && waiting.length < Object.keys(MIGRATIONS).length
  if (hasContent) {
    const copy = `${path}.before-${waiting[0]?.name ?? 'migration'}`
    // Made empty first, so that the copy is readable by the owner only from its first byte on.
    closeSync(openSync(copy, 'w', 0o600))
    await sqlite.backup(copy)
  }
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) {
    await records.destroy()
    throw error
  }
  sqlite.pragma('synchronous = NORMAL')
  if (deps.log !== undefined) sqlite.pragma('wal_autocheckpoint = 0')
  return { records, loseLog }
}
