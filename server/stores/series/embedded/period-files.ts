// The week files of a directory: which there are, and a few of them open.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'
import { type Period, periodFileName, periodOfFileName } from './period.ts'
import { openPeriodFile, type PeriodFile } from './period-file.ts'

/** More are closed again, the one used longest ago first: each open file costs descriptors and cache. */
const MAX_OPEN = 8

export type PeriodFiles = {
  /** Those on disk, oldest first. */
  list(): Period[]
  /** Opens the file, and makes it when there is none yet. `busy` files stay open. Throws StorageError. */
  open(period: Period, busy?: ReadonlySet<PeriodFile>): PeriodFile
  /** Deletes the file for good. */
  remove(period: Period): void
  /** Of all files, with what SQLite keeps beside them. */
  bytes(): number
  close(): void
}

export function createPeriodFiles(directory: string): PeriodFiles {
  const periods = new Map<string, Period>()
  const opened = new Map<string, PeriodFile>()
  for (const fileName of readdirSync(directory)) {
    const period = periodOfFileName(fileName)
    if (period !== null) periods.set(period.name, period)
  }

  function closeOldest(busy: ReadonlySet<PeriodFile>): void {
    for (const [name, file] of opened) {
      if (opened.size < MAX_OPEN) return
      if (busy.has(file)) continue
      opened.delete(name)
      file.close()
    }
  }

  return {
    list: () => [...periods.values()].sort((a, b) => a.from - b.from),

    open(period, busy = new Set()) {
      const known = opened.get(period.name)
      if (known !== undefined) {
        // Last in the map is last used.
        opened.delete(period.name)
        opened.set(period.name, known)
        return known
      }
      closeOldest(busy)
      const path = join(directory, periodFileName(period))
      const file = openPeriodFile(path)
      opened.set(period.name, file)
      periods.set(period.name, period)
      return file
    },

    remove(period) {
      const path = join(directory, periodFileName(period))
      try {
        opened.get(period.name)?.close()
        opened.delete(period.name)
        // The log first: a log without its file is nothing, a file without its log would be a wrong one.
        for (const suffix of ['-wal', '-shm', '']) rmSync(path + suffix, { force: true })
        periods.delete(period.name)
      } catch (error) {
        throw storageError(error, path)
      }
    },

    bytes: () =>
      [...periods.values()]
        .flatMap(period => ['', '-wal', '-shm'].map(suffix => join(directory, periodFileName(period) + suffix)))
        .reduce((total, path) => total + (existsSync(path) ? statSync(path).size : 0), 0),

    close() {
      for (const file of opened.values()) file.close()
      opened.clear()
    },
  }
}
