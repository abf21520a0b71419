// A log that a run left which did not end in order. After a failed sync the disk may miss parts of it that the kernel still
// shows: read back, they would be worked into the file, and a power cut amid that would leave half of them.
import { closeSync, existsSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import Database from 'better-sqlite3'

const PIECE_BYTES = 1024 * 1024

/**
 * Writes the log onto the disk once more as it reads now, then copies all of it into the file. Nobody else may write: the
 * directory's lock must be held. Throws what the disk says.
 */
export function settleLeftLog(path: string): void {
  const log = `${path}-wal`
  if (!existsSync(log)) return
  const database = new Database(path, { timeout: 5_000 })
  try {
    // A command of the collector's own may have the file open: it does not write meanwhile.
    database.exec('begin immediate')
    rewrite(log)
    database.exec('commit')
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

/** In place, since others may have it open; the same bytes again are harmless wherever it is broken off. */
function rewrite(path: string): void {
  const file = openSync(path, 'r+')
  try {
    const piece = Buffer.alloc(PIECE_BYTES)
    for (let at = 0; ; ) {
      const bytes = readSync(file, piece, 0, PIECE_BYTES, at)
      if (bytes === 0) break
      for (let done = 0; done < bytes; ) done += writeSync(file, piece, done, bytes - done, at + done)
      at += bytes
    }
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
}
