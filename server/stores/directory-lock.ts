// One collector a data directory: SQLite's own lock on a small file, which the kernel lets go when the process dies.
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Takes the directory; answers how to let it go. Throws when another process holds it. */
export function lockDirectory(directory: string): () => void {
  const lock = new Database(join(directory, 'collector.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
      throw new Error(`another collector is running on ${directory}`)
    }
    throw error
  }
  return () => {
    lock.exec('rollback')
    lock.close()
  }
}
