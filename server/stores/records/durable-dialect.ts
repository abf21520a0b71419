// SQLite for Kysely, with the waiting for the disk off this thread: SQLite itself would hold up every request for as long
// as the disk takes. A change is written to the log by SQLite, and whoever made it hears of it only after the log is on the
// disk. With synchronous = NORMAL SQLite itself syncs the log before it copies from it into the file, and the file before it
// begins the log anew: the file never has what the log could lose.
import { open } from 'node:fs/promises'
import Database from 'better-sqlite3'
import { type DatabaseConnection, type Dialect, type SqliteDatabase, SqliteDialect } from 'kysely'
import { StorageError } from '../durable/storage-error.ts'

const NORMAL = 1
const KEPT_STATEMENTS = 500

type Log = { datasync(): Promise<void>; close(): Promise<void> }
export type OpenLog = (path: string) => Promise<Log>

export type LogHooks = {
  open?: OpenLog
  /** Changes have come to the disk. */
  onSynced?: () => void
  /** Once: from now on everything is refused. */
  onLost?: (error: StorageError) => void
}

export type DurableDialect = {
  dialect: Dialect
  /** Somebody else found that a sync failed. */
  loseLog(error: StorageError): void
}

/** `synchronous` must be NORMAL; where a test turned it off, nothing waits for the disk. */
export function createDurableDialect(sqlite: Database.Database, hooks: LogHooks = {}): DurableDialect {
  const dialect = new SqliteDialect({ database: withKeptStatements(sqlite) })
  const log = createLogSync(sqlite, hooks)
  const durableDialect: Dialect = {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: db => dialect.createIntrospector(db),
    createDriver() {
      const driver = dialect.createDriver()
      const durable = new WeakMap<DatabaseConnection, DatabaseConnection>()
      return {
        init: options => driver.init(options),
        async acquireConnection(options) {
          const connection = await driver.acquireConnection(options)
          const known = durable.get(connection) ?? durableConnection(connection, sqlite, log)
          durable.set(connection, known)
          return known
        },
        beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
        commitTransaction: connection => driver.commitTransaction(connection),
        async rollbackTransaction(connection) {
          // A commit that could not be brought to the disk has ended the transaction all the same.
          if (sqlite.inTransaction) await driver.rollbackTransaction(connection)
        },
        releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
        async destroy(options) {
          await log.close()
          const letGo = log.isLost() ? keepLog(sqlite.name) : null
          await driver.destroy(options)
          letGo?.()
        },
      }
    },
  }
  return { dialect: durableDialect, loseLog: log.lose }
}

/**
 * Who closes a file last copies its log into it, and of a log that is not on the disk a power cut could leave half of that.
 * Someone who may only read can't, so where such a one closes last, the log stays as it is for the next start.
 */
function keepLog(path: string): () => void {
  const reader = new Database(path, { readonly: true })
  reader.prepare('select count(*) from sqlite_schema').get()
  return () => void reader.close()
}

/** What is told of it, wherever it was noticed. */
export function syncFailure(reason: string): StorageError {
  return new StorageError('storage-failed', `the records' log is not on the disk (${reason}): start again`)
}

function durableConnection(
  connection: DatabaseConnection,
  sqlite: Database.Database,
  log: ReturnType<typeof createLogSync>,
): DatabaseConnection {
  return {
    async executeQuery(query, options) {
      log.throwIfLost()
      const result = await connection.executeQuery(query, options)
      if (!sqlite.inTransaction) await log.syncChanges()
      return result as never
    },
    streamQuery(query, chunkSize, options) {
      log.throwIfLost()
      return connection.streamQuery(query, chunkSize, options) as never
    },
  }
}

/**
 * After one failure it stays failed. Linux calls the pages that it could not write clean, so the next sync would succeed with
 * a hole in the log, and after a power cut all that was acknowledged behind the hole would be gone. What was in memory is
 * visible here but not on the disk, so nothing is read any more either: a restart reads what the disk has.
 */
function createLogSync(
  sqlite: Database.Database,
  { open: openLog = path => open(path, 'r'), onSynced, onLost }: LogHooks,
) {
  const totalChanges = sqlite.prepare('select total_changes()').pluck()
  const synchronous = sqlite.prepare('pragma synchronous').pluck()
  let file: Log | null = null
  let lost: StorageError | null = null
  let synced: unknown = totalChanges.get()
  function throwIfLost(): void {
    if (lost !== null) throw lost
  }
  function lose(error: StorageError): void {
    if (lost !== null) return
    lost = error
    onLost?.(error)
  }
  return {
    ...{ throwIfLost, lose, isLost: () => lost !== null },
    async syncChanges(): Promise<void> {
      const changes = totalChanges.get()
      if (changes === synced) return
      if (synchronous.get() === NORMAL) {
        try {
          file ??= await openLog(`${sqlite.name}-wal`)
          await file.datasync()
        } catch (error) {
          lose(syncFailure(error instanceof Error ? error.message : String(error)))
        }
        throwIfLost()
        onSynced?.()
      }
      synced = changes
    },
    async close(): Promise<void> {
      await file?.close()
      file = null
    },
  }
}

/** The same few hundred statements come again all the time: compiled once each, as long as nobody is reading from it. */
function withKeptStatements(sqlite: Database.Database): SqliteDatabase {
  const kept = new Map<string, Database.Statement<unknown[]>>()
  return {
    close: () => void sqlite.close(),
    prepare(text) {
      const known = kept.get(text)
      if (known !== undefined && !known.busy) return known
      const statement = sqlite.prepare<unknown[]>(text)
      if (kept.size >= KEPT_STATEMENTS) kept.clear()
      kept.set(text, statement)
      return statement
    },
  }
}
