// SQLite for Kysely, with the waiting for the disk off this thread: SQLite itself would hold up every request for as long
// as the disk takes. A change is written to the log by SQLite (synchronous = NORMAL keeps the file sound), and whoever
// made it hears of it only after the log is on the disk.
import { open } from 'node:fs/promises'
import type Database from 'better-sqlite3'
import { type DatabaseConnection, type Dialect, type SqliteDatabase, SqliteDialect } from 'kysely'

const NORMAL = 1
const KEPT_STATEMENTS = 500

/** `synchronous` must be NORMAL; where a test turned it off, nothing waits for the disk. */
export function createDurableDialect(sqlite: Database.Database): Dialect {
  const dialect = new SqliteDialect({ database: withKeptStatements(sqlite) })
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: db => dialect.createIntrospector(db),
    createDriver() {
      const driver = dialect.createDriver()
      const durable = new WeakMap<DatabaseConnection, DatabaseConnection>()
      const log = createLogSync(sqlite)
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
          await driver.destroy(options)
        },
      }
    },
  }
}

function durableConnection(
  connection: DatabaseConnection,
  sqlite: Database.Database,
  log: ReturnType<typeof createLogSync>,
): DatabaseConnection {
  return {
    async executeQuery(query, options) {
      const result = await connection.executeQuery(query, options)
      if (!sqlite.inTransaction) await log.syncChanges()
      return result as never
    },
    streamQuery: (query, chunkSize, options) => connection.streamQuery(query, chunkSize, options) as never,
  }
}

function createLogSync(sqlite: Database.Database) {
  const totalChanges = sqlite.prepare('select total_changes()').pluck()
  const synchronous = sqlite.prepare('pragma synchronous').pluck()
  let file: Awaited<ReturnType<typeof open>> | null = null
  let synced: unknown = totalChanges.get()
  return {
    async syncChanges(): Promise<void> {
      const changes = totalChanges.get()
      if (changes === synced) return
      if (synchronous.get() === NORMAL) {
        file ??= await open(`${sqlite.name}-wal`, 'r')
        await file.datasync()
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
