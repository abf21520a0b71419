// The thread that copies the records' log into their file, with a connection of its own, so that the main thread never waits
// for the disk. Writers go on meanwhile; SQLite syncs the log before it copies from it.
import { fdatasyncSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { storageError } from '../durable/sqlite.ts'
import { serveWorker } from '../durable/worker-serve.ts'
import type { Copied, LogCalls, LogWorkerData } from './log-calls.ts'

type Checkpoint = { log: number; checkpointed: number }

if (parentPort === null) throw new Error('this file runs as a worker thread only')

const { path, file, keptBytes } = workerData as LogWorkerData

serveWorker<LogCalls>(parentPort, () => {
  const database = new Database(path, { timeout: 1_000 })
  database.pragma('synchronous = NORMAL')
  database.pragma('wal_autocheckpoint = 0')
  database.pragma(`journal_size_limit = ${keptBytes}`)
  const checkpoint = (mode: 'PASSIVE' | 'NOOP'): Checkpoint => {
    const [row] = database.pragma(`wal_checkpoint(${mode})`) as [Checkpoint]
    return row
  }

  function naming(work: () => Copied): Copied {
    try {
      return work()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      const reason = error instanceof Error ? error.message : String(error)
      if (code === 'SQLITE_IOERR_FSYNC') return { kind: 'not-synced', reason }
      throw storageError(error, path)
    }
  }

  function syncFile(): Copied | null {
    try {
      fdatasyncSync(file)
      return null
    } catch (error) {
      return { kind: 'not-synced', reason: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    copy: atLeast =>
      naming(() => {
        const { log: length } = checkpoint('NOOP')
        if (length < atLeast) return { kind: 'short', length }
        checkpoint('PASSIVE')
        // SQLite syncs the file only where nobody wrote meanwhile; so the last step, for which writers wait, has little to do.
        const failed = syncFile()
        if (failed !== null) return failed
        const { log, checkpointed } = checkpoint('NOOP')
        return { kind: 'copied', length: log, left: log - checkpointed }
      }),
    beginAnew: () =>
      naming(() => {
        const { log, checkpointed } = checkpoint('PASSIVE')
        // The first change after all is copied begins the log anew and syncs its head: this one, here, which changes nothing.
        if (log === checkpointed) {
          database.pragma(`user_version = ${Number(database.pragma('user_version', { simple: true }))}`)
        }
        const after = checkpoint('NOOP')
        return { kind: 'copied', length: after.log, left: after.log - after.checkpointed }
      }),
    close: () => void database.close(),
  }
})
