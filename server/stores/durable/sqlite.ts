// How Pantau opens a SQLite file that must not lose what it acknowledged, and what SQLite's refusals mean.
import { statfsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StorageError } from './storage-error.ts'

export type DatabaseOptions = {
  file: string
  /** Runs in one transaction when the file is new. */
  schema: string
  /** Format of the file; another one is refused. */
  version: number
  /** Brings a file of this format to `version`, which it writes down itself. */
  upgrade?: { from: number; run: (database: Database.Database) => void }
  /** Holds the file for this process alone, so that two collectors never share a data directory. */
  access: 'exclusive' | 'shared'
  cacheKiB: number
}

/** Free space below which an I/O error is put down to a full disk: SQLite then reports several different errors. */
const FULL_BELOW_BYTES = 128 * 1024

function isFull(directory: string): boolean {
  try {
    const { bavail, bsize, ffree, files } = statfsSync(directory)
    return bavail * bsize < FULL_BELOW_BYTES || (files > 0 && ffree === 0)
  } catch {
    return false
  }
}

/** Any error of SQLite or the file system as a StorageError that names the file. */
export function storageError(error: unknown, file: string): StorageError {
  if (error instanceof StorageError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = `${basename(file)}: ${error instanceof Error ? error.message : String(error)}`
  const options = { cause: error }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return new StorageError('storage-full', message, options)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new StorageError('in-use', message, options)
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_SCHEMA') {
    return new StorageError('damaged', message, options)
  }
  return new StorageError(isFull(dirname(file)) ? 'storage-full' : 'storage-failed', message, options)
}

/** WAL with synchronous FULL: when COMMIT returns, the transaction survives a power cut. */
export function openDatabase(options: DatabaseOptions): Database.Database {
  const { file, schema, version, upgrade, access, cacheKiB } = options
  let database: Database.Database | undefined
  try {
    database = new Database(file, { timeout: 1_000 })
    if (access === 'exclusive') database.pragma('locking_mode = EXCLUSIVE')
    const mode = database.pragma('journal_mode = WAL', { simple: true })
    if (mode !== 'wal') throw new StorageError('storage-failed', `${basename(file)}: no WAL on this file system`)
    database.pragma('synchronous = FULL')
    database.pragma(`cache_size = -${cacheKiB}`)
    if (access === 'exclusive') database.exec('BEGIN IMMEDIATE; COMMIT')
    const found = database.pragma('user_version', { simple: true })
    if (found === 0) {
      database.exec(`BEGIN; ${schema}; PRAGMA user_version = ${version}; COMMIT`)
    } else if (upgrade !== undefined && found === upgrade.from) {
      upgrade.run(database)
    } else if (found !== version) {
      const message = `${basename(file)}: has format ${String(found)}, this program knows format ${version}`
      throw new StorageError('storage-failed', message)
    }
    return database
  } catch (error) {
    database?.close()
    throw storageError(error, file)
  }
}
