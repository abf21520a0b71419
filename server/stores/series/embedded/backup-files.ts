// Copies files up to a length, some megabytes at a time, so that the thread has time for others in between.
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { storageError } from '../../durable/sqlite.ts'
import { StorageError } from '../../durable/storage-error.ts'
import type { SeriesBackup } from '../series-store.ts'
import { openDiskFile, syncDirectory } from './disk.ts'

const PIECE_BYTES = 4 * 1024 * 1024

export type Counted = { path: string; bytes: number }

/** New or empty: a backup over another one would be neither. */
export function prepareBackup(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    if (readdirSync(directory).length > 0) {
      throw new StorageError('bad-input', `${directory} is not empty: a backup goes into a directory of its own`)
    }
  } catch (error) {
    throw storageError(error, directory)
  }
}

/** What is in a file before its length never changes, so the copies fit together although appends go on. */
export async function copyFiles(files: readonly Counted[], directory: string): Promise<SeriesBackup> {
  const piece = new Uint8Array(PIECE_BYTES)
  let total = 0
  for (const { path, bytes } of files) {
    const from = openDiskFile(path)
    const to = openDiskFile(join(directory, basename(path)))
    try {
      for (let at = 0; at < bytes; at += PIECE_BYTES) {
        const part = piece.subarray(0, Math.min(PIECE_BYTES, bytes - at))
        if (from.read(part, at) < part.length) throw new StorageError('damaged', `${path} is shorter than it was`)
        to.write(part, at)
        await turn()
      }
      to.sync()
    } finally {
      from.close()
      to.close()
    }
    total += bytes
  }
  syncDirectory(directory)
  return { files: files.length, bytes: total }
}
