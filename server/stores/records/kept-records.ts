// The records of a collector that runs for months: nothing of them makes its main thread wait for the disk, and what goes
// wrong with their log is told.
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { StorageError } from '../durable/storage-error.ts'
import { type OpenLog, syncFailure } from './durable-dialect.ts'
import { settleLeftLog } from './left-log.ts'
import { createLogKeeper, type LogKeeper, type LogLimits } from './log-keeper.ts'
import { openRecordsFile, RECORDS_FILE, type Records } from './records.ts'

export type KeptRecords = {
  records: Records
  /** When it resolves, a sync has failed: every query is refused, and only a new start reads what the disk has. */
  lost: Promise<StorageError>
  close(): Promise<void>
}

/** The directory's lock must be held. Errors: those of the disk. */
export async function openKeptRecords(deps: {
  directory: string
  logLimits?: LogLimits
  /** The log could not be copied into the file and grows; null when it could again. */
  onTrouble: (error: StorageError | null) => void
  openLog?: OpenLog
}): Promise<KeptRecords> {
  const { directory, openLog, logLimits, onTrouble } = deps
  const path = join(directory, RECORDS_FILE)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  settleLeftLog(path)
  let keeper: LogKeeper | null = null
  let isLost = false
  const lost = Promise.withResolvers<StorageError>()
  const lose = (error: StorageError) => {
    isLost = true
    lost.resolve(error)
  }
  const { records, loseLog } = await openRecordsFile({
    directory,
    log: { ...(openLog === undefined ? {} : { open: openLog }), onSynced: () => keeper?.look(), onLost: lose },
  })
  const file = openSync(path, 'r')
  try {
    keeper = await createLogKeeper({
      ...{ path, file, onTrouble, isLost: () => isLost, onLost: reason => loseLog(syncFailure(reason)) },
      ...{ limits: logLimits, pause: work => records.connection().execute(work) },
    })
  } catch (error) {
    await records.destroy()
    closeSync(file)
    throw error
  }
  return {
    ...{ records, lost: lost.promise },
    async close() {
      await keeper?.close()
      await records.destroy()
      closeSync(file)
    },
  }
}
