// series.db: what the store knows beside its samples, and the lock that keeps a second collector out of the directory.
import { openDatabase, storageError } from '../../durable/sqlite.ts'

const SCHEMA = `
  CREATE TABLE store (horizon INTEGER NOT NULL, write_checks INTEGER NOT NULL);
  INSERT INTO store VALUES (0, 0);
`

export type StoreFile = {
  /** Throws StorageError where the file is broken. */
  horizon(): number
  /** Durable when it returns. */
  setHorizon(at: number): void
  /** A small real write; throws StorageError when the disk takes none. */
  tryWrite(): void
  close(): void
}

export function openStoreFile(file: string): StoreFile {
  const database = openDatabase({ file, schema: SCHEMA, version: 1, access: 'exclusive', cacheKiB: 256 })

  function run(sql: string, ...values: number[]): void {
    try {
      database.prepare(sql).run(...values)
    } catch (error) {
      throw storageError(error, file)
    }
  }

  return {
    horizon() {
      try {
        return database.prepare('SELECT horizon FROM store').pluck().get() as number
      } catch (error) {
        throw storageError(error, file)
      }
    },
    setHorizon: at => run('UPDATE store SET horizon = ?', at),
    tryWrite: () => run('UPDATE store SET write_checks = write_checks + 1'),
    close: () => void database.close(),
  }
}
