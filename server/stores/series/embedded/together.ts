// Puts windows together that were flushed in several parts: when a week is over and its tiers are filled, its file is written anew
// beside the old one, in slices, and then takes its place. Until then the old one stays as it is, and takes what comes late.
import { statfsSync } from 'node:fs'
import { storageError } from '../../durable/sqlite.ts'
import { StorageError } from '../../durable/storage-error.ts'
import type { BlockFile } from './block-file.ts'
import type { BlockFiles } from './block-files.ts'
import { type DiskFile, openDiskFile } from './disk.ts'
import type { Packer, SheetTask } from './packer.ts'
import { createSheetAppender, type SheetAppender } from './sheet-appender.ts'
import { type SheetHeader, serializeHeaders, sheetBytes } from './sheet-format.ts'
import { DAY_MS, HOUR_MS } from './windows.ts'

/** A week waits so long for what comes late, and then for more of that. */
const QUIET_MS = DAY_MS
const LOOK_EVERY_MS = HOUR_MS
/** It is worth it when this part of a file lies in windows of several parts. */
const WORTH = 1 / 8
/** Written between two syncs: the log's must not wait for gigabytes. */
const SYNC_BYTES = 32 * 1024 * 1024
/** A disk with less room than so many such files is left alone. */
const ROOM_FILES = 2

export type Together = {
  isDue(at: number): boolean
  /** A sheet, or the last step; `hurry` as for the flusher. Throws StorageError: then the old file stays, and it is tried again later. */
  step(hurry?: boolean): void
  close(): void
}

/** What the old file has of a span that is not in the new one yet. */
type Missing = { span: number; cut: number; sheets: readonly SheetHeader[]; hasParts: boolean }

type Job = {
  old: BlockFile
  data: DiskFile
  anew: SheetAppender
  /** Of each span: how many of its sheets are in the new file, and up to which log record it is whole there. */
  taken: Map<number, { sheets: number; cut: number }>
  now: { missing: Missing; next: number; task: SheetTask | null } | null
  synced: { bytes: number; state: 'idle' | 'syncing' }
  failure: unknown
}

const hasParts = (sheets: readonly SheetHeader[]) => new Set(sheets.map(({ cut }) => cut)).size > 1

/** Bytes of a file's sheets, and of those in windows that have several parts. */
function weigh(file: BlockFile): { all: number; parts: number } {
  const weight = { all: 0, parts: 0 }
  for (const span of file.spans()) {
    const sheets = file.sheets(span)
    const bytes = sheets.reduce((total, sheet) => total + sheetBytes(sheet), 0)
    weight.all += bytes
    if (hasParts(sheets)) weight.parts += bytes
  }
  return weight
}

export function createTogether(deps: {
  directory: string
  files: BlockFiles
  packer: Packer
  /** Whether nothing else is to be read of the samples in [from, to) for a while. */
  isDone: (from: number, to: number) => boolean
  /** What was read in a file before may stand elsewhere in it now. */
  onReplaced: () => void
  onSynced: () => void
}): Together {
  const { directory, files, packer } = deps
  let job: Job | null = null
  let found: BlockFile | null = null
  let lookAt = 0
  let copied = new Uint8Array(0)
  const triedAt = new Map<string, number>()

  function hasRoom(bytes: number): boolean {
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize > bytes * ROOM_FILES
  }

  function find(at: number): BlockFile | null {
    for (const { name, from, to } of files.periods()) {
      const before = triedAt.get(name)
      if (to + QUIET_MS > at || (before !== undefined && before + QUIET_MS > at) || !deps.isDone(from, to)) continue
      const file = files.at(from)
      if (file === null || file.isBeingWritten()) continue
      const { all, parts } = weigh(file)
      if (parts === 0 || parts < all * WORTH) continue
      triedAt.set(name, at)
      return file
    }
    return null
  }

  function begin(old: BlockFile): Job {
    const data = openDiskFile(`${files.pathBeside(old)}.blocks`)
    data.truncate(0)
    const synced = { bytes: 0, state: 'idle' as const }
    return {
      ...{ old, data, anew: createSheetAppender(data, 0), taken: new Map(), now: null, synced, failure: null },
    }
  }

  function missingOf({ old, taken }: Job): Missing | null {
    for (const span of old.spans().sort((a, b) => a - b)) {
      const known = taken.get(span) ?? { sheets: 0, cut: 0 }
      const sheets = old.sheets(span).slice(known.sheets)
      const cut = old.cutOf(span)
      if (sheets.length > 0 || cut > known.cut) {
        return { span, cut, sheets, hasParts: known.sheets === 0 && hasParts(sheets) }
      }
    }
    return null
  }

  /** As it is, checksums and all. */
  function copySheet({ old, anew }: Job, sheet: SheetHeader): void {
    const length = sheetBytes(sheet)
    if (copied.length < length) copied = new Uint8Array(length * 2)
    const bytes = copied.subarray(0, length)
    if (old.data.read(bytes, sheet.offset) < length) {
      throw new StorageError('damaged', `${old.data.path} at ${sheet.offset}: the end is missing`)
    }
    anew.put({ bytes, header: sheet }, sheet.span, sheet.cut)
  }

  function finishSpan({ anew, taken }: Job, { span, cut, sheets }: Missing): void {
    anew.seal(span, cut)
    taken.set(span, { sheets: (taken.get(span)?.sheets ?? 0) + sheets.length, cut })
  }

  function goOn(running: Job, now: NonNullable<Job['now']>, hurry: boolean): void {
    const { missing } = now
    if (missing.hasParts) {
      now.task ??= packer.start({ kind: 'parts', parts: { path: running.old.path, ...missing } })
      const made = now.task.next(hurry)
      if (made === 'later') return
      if (made !== 'end') running.anew.put(made.sheet, missing.span, missing.cut)
      else {
        now.task = null
        finishSpan(running, missing)
        running.now = null
      }
      return
    }
    const sheet = missing.sheets[now.next++]
    if (sheet !== undefined) copySheet(running, sheet)
    else {
      finishSpan(running, missing)
      running.now = null
    }
  }

  function sync(running: Job, hurry: boolean): void {
    const bytes = running.anew.end()
    if (hurry) {
      running.data.sync()
      running.synced = { bytes, state: 'idle' }
      return
    }
    running.synced = { ...running.synced, state: 'syncing' }
    const done = running.data.syncBeside().then(
      () => {
        running.synced = { bytes, state: 'idle' }
      },
      error => {
        running.failure = error
        running.synced = { bytes, state: 'idle' }
      },
    )
    void done.then(deps.onSynced)
  }

  function putInPlace({ old, data, anew }: Job): void {
    const index = openDiskFile(`${files.pathBeside(old)}.index`)
    try {
      index.truncate(0)
      index.write(serializeHeaders(anew.headers), 0)
      index.sync()
    } finally {
      index.close()
    }
    data.close()
    job = null
    try {
      files.replace(old)
    } finally {
      deps.onReplaced()
    }
  }

  function drop(running: Job): void {
    running.now?.task?.drop()
    if (job === null) return
    job = null
    // Its room is given back at once; the file itself goes with the next one, or at the next start.
    try {
      running.data.truncate(0)
    } finally {
      running.data.close()
    }
  }

  return {
    isDue(at) {
      if (job !== null) return job.synced.state === 'idle' && job.now?.task?.isReady() !== false
      if (found === null && at >= lookAt) {
        lookAt = at + LOOK_EVERY_MS
        found = find(at)
      }
      return found !== null
    },
    step(hurry = false) {
      if (job === null && found !== null) {
        const file = found
        found = null
        if (hasRoom(file.bytes())) job = begin(file)
      }
      const running = job
      if (running === null || running.synced.state === 'syncing') return
      try {
        if (running.failure !== null) throw running.failure
        if (files.at(running.old.spans()[0] ?? 0) !== running.old) {
          // Retention was faster.
          drop(running)
          return
        }
        if (running.now === null) {
          const missing = missingOf(running)
          if (missing !== null) running.now = { missing, next: 0, task: null }
        }
        if (running.now !== null) {
          goOn(running, running.now, hurry)
          if (running.anew.end() > running.synced.bytes + SYNC_BYTES) sync(running, hurry)
        } else if (running.synced.bytes < running.anew.end()) sync(running, hurry)
        else if (!running.old.isBeingWritten()) putInPlace(running)
      } catch (error) {
        drop(running)
        throw storageError(error, running.old.path)
      }
    },
    close: () => job?.data.close(),
  }
}
