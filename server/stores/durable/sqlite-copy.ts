// Copies of a SQLite file that others write to meanwhile, and whether such a copy is sound.
import { closeSync, openSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from './storage-error.ts'

const PAGES_A_STEP = 4_096
const MIB = 1024 * 1024

export type PinnedDatabase = {
  bytes: number
  /** As it was when it was pinned, whatever was written since. The file must not be there yet. */
  copyTo(path: string): Promise<void>
  close(): void
}

/** From now on this connection sees the file as it is at this moment; writers are not held up. */
export function pinDatabase(file: string): PinnedDatabase {
  const database = new Database(file, { readonly: true, timeout: 5_000 })
  database.exec('begin')
  // A transaction begins to see with its first read.
  database.prepare('select count(*) from sqlite_schema').get()
  const pages = Number(database.pragma('page_count', { simple: true }))
  return {
    bytes: pages * Number(database.pragma('page_size', { simple: true })),
    async copyTo(path) {
      requireRoomForLog(file)
      makePrivate(path)
      await database.backup(path, {
        progress() {
          requireRoomForLog(file)
          return PAGES_A_STEP
        },
      })
    },
    close: () => void database.close(),
  }
}

/** The log can't begin anew while somebody sees the file as it was: a slow copy must not fill the disk of those who write. */
function requireRoomForLog(file: string): void {
  const logBytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const { bavail, bsize } = statfsSync(dirname(file))
  const freeBytes = bavail * bsize
  if (logBytes <= freeBytes) return
  const sizes = `${Math.ceil(logBytes / MIB)} MiB, and ${Math.floor(freeBytes / MIB)} MiB are left beside it`
  throw new StorageError('storage-failed', `the log of ${basename(file)} grew to ${sizes}: the copy was broken off`)
}

/** Made empty first, so that it is readable by the owner only from its first byte on. */
export function makePrivate(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
}

/** A sentence for each thing that SQLite finds wrong, ten at most; empty when all holds. */
export function integrityFaults(path: string): string[] {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { fileMustExist: true })
    const rows = database.pragma('integrity_check(10)') as { integrity_check: string }[]
    return rows
      .map(row => row.integrity_check)
      .filter(row => row !== 'ok')
      .map(row => `${path}: ${row}`)
  } catch (error) {
    return [`${path}: ${error instanceof Error ? error.message : String(error)}`]
  } finally {
    database?.close()
  }
}
