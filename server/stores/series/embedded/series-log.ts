// The log: what was acknowledged and is not yet in blocks, in segments that are deleted whole. Written with one fsync a group.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'
import type { DamageList } from './damage.ts'
import { REPAIRED } from './damage.ts'
import { type DiskFile, openDiskFile } from './disk.ts'
import { findRecord, type LogRecord, type RecordColumns, recordBytes, recordColumns, sealRecord } from './log-record.ts'

const SEGMENT_BYTES = 64 * 1024 * 1024
/** Room is made in such pieces, so that most records change nothing but bytes: their fsync waits for nobody's else. */
const ROOM_BYTES = 4 * 1024 * 1024
const FILE_NAME = /^log-(\d{10})$/

export type LoggedSamples = RecordColumns & LogRecord & { segment: number }

export type SeriesLog = {
  /** Number of the record that comes next. */
  nextNumber(): number
  /** The segment that the next record goes to. */
  segment(): number
  /** Where to put the columns of the next record, before `append`. */
  columns(count: number): RecordColumns
  /** Writes the record of `columns`, which is not durable yet. Throws StorageError, and then nothing counts since the last sync. */
  write(base: number, count: number): void
  /** What was written is durable when it returns. Throws StorageError, and then nothing of it counts. */
  sync(): void
  /** The same beside this thread: nothing may be written meanwhile. */
  syncBeside(): Promise<void>
  /** Deletes the segments before this one. */
  dropBefore(segment: number): void
  /** Whether `dropBefore` would delete something. */
  hasBefore(segment: number): boolean
  files(): { path: string; bytes: number }[]
  bytes(): number
  close(): void
}

const fileName = (segment: number) => `log-${String(segment).padStart(10, '0')}`
const allZero = (bytes: Uint8Array) => bytes.every(byte => byte === 0)

/** Hands over the records of a segment in order and cuts off what was never finished. */
function replaySegment(
  file: DiskFile,
  segment: number,
  damage: DamageList,
  visit: (samples: LoggedSamples) => void,
): void {
  const bytes = new Uint8Array(file.size())
  file.read(bytes, 0)
  let at = 0
  while (at < bytes.length) {
    const found = findRecord(bytes, at)
    if (found.kind === 'record') {
      if (found.isRepaired) damage.note(`${file.path} at ${at}`, REPAIRED)
      const { record } = found
      visit({ ...record, segment, ...recordColumns(bytes, at, record.count) })
      at += recordBytes(record.count)
      continue
    }
    if (found.kind === 'broken') {
      damage.note(`${file.path} at ${at}`, `${found.record.count} logged samples are unreadable`)
      at += recordBytes(found.record.count)
      continue
    }
    const rest = bytes.subarray(at)
    let next = at + 8
    while (next < bytes.length && findRecord(bytes, next).kind === 'nothing') next += 8
    if (next >= bytes.length) {
      // The end of a write that a crash cut off: it was never acknowledged.
      const isUnfinished = found.kind === 'cut-off' || rest.length < 32 || allZero(rest)
      if (!isUnfinished) damage.note(`${file.path} at ${at}`, 'the end of the log is unreadable')
      file.truncate(at)
      return
    }
    damage.note(`${file.path} at ${at}`, 'logged samples are unreadable')
    at = next
  }
}

/** Throws StorageError. `visit` gets every record that is still there, oldest first; its columns are good for the call. */
export function openSeriesLog(
  directory: string,
  damage: DamageList,
  visit: (samples: LoggedSamples) => void,
): SeriesLog {
  let nextNumber = 1
  let segment = 0
  const segments = new Map<number, number>()
  for (const name of readdirSync(directory).sort()) {
    const number = Number(FILE_NAME.exec(name)?.[1] ?? 0)
    if (number === 0) continue
    const file = openDiskFile(join(directory, name))
    replaySegment(file, number, damage, samples => {
      nextNumber = Math.max(nextNumber, samples.number + 1)
      visit(samples)
    })
    segments.set(number, file.size())
    file.close()
    segment = Math.max(segment, number)
  }

  segment++
  let file: DiskFile | null = null
  /** Behind the last record, and behind the last one that is durable. */
  let end = 0
  let durable = { end: 0, nextNumber }
  let room = 0
  const zeros = new Uint8Array(ROOM_BYTES)
  let record = new Uint8Array(recordBytes(20_000))

  function startSegment(): DiskFile {
    const made = openDiskFile(join(directory, fileName(segment)))
    segments.set(segment, 0)
    end = 0
    durable = { end, nextNumber }
    room = 0
    return made
  }

  /** A disk without so much room may still have enough for the record itself, and must not be filled with nothing. */
  function makeRoom(made: DiskFile, needed: number): void {
    if (needed <= room) return
    try {
      made.write(zeros, room)
      room += ROOM_BYTES
    } catch {
      made.truncate(end)
      room = Number.POSITIVE_INFINITY
    }
  }

  function leaveSegment(): void {
    file?.truncate(end)
    file?.close()
    file = null
    segment++
  }

  /** Takes back what is not durable. */
  function undo(): void {
    end = durable.end
    nextNumber = durable.nextNumber
    segments.set(segment, end)
    try {
      file?.truncate(end)
      room = Number.POSITIVE_INFINITY
    } catch {
      // What stands behind the end is overwritten by the next record, or cut off at the next start.
    }
  }

  function sync(): void {
    if (end === durable.end) return
    try {
      file?.sync()
    } catch (error) {
      undo()
      throw error
    }
    durable = { end, nextNumber }
  }

  return {
    nextNumber: () => nextNumber,
    segment: () => segment,
    columns(count) {
      if (record.length < recordBytes(count)) record = new Uint8Array(recordBytes(count * 2))
      return recordColumns(record, 0, count)
    },
    write(base, count) {
      if (end >= SEGMENT_BYTES) {
        sync()
        leaveSegment()
      }
      file ??= startSegment()
      const length = recordBytes(count)
      sealRecord(record, 0, { number: nextNumber, base, count })
      try {
        makeRoom(file, end + length)
        file.write(record.subarray(0, length), end)
      } catch (error) {
        undo()
        throw error
      }
      end += length
      segments.set(segment, end)
      nextNumber++
    },
    sync,
    async syncBeside() {
      try {
        await file?.syncBeside()
      } catch (error) {
        undo()
        throw error
      }
      durable = { end, nextNumber }
    },
    hasBefore: before => [...segments.keys()].some(number => number < before && number !== segment),
    dropBefore(before) {
      for (const number of [...segments.keys()]) {
        if (number >= before || number === segment) continue
        const path = join(directory, fileName(number))
        try {
          rmSync(path, { force: true })
        } catch (error) {
          throw storageError(error, path)
        }
        segments.delete(number)
      }
    },
    files: () => [...segments].map(([number, bytes]) => ({ path: join(directory, fileName(number)), bytes })),
    bytes: () => [...segments.values()].reduce((total, bytes) => total + bytes, 0),
    close() {
      try {
        file?.truncate(end)
      } finally {
        file?.close()
      }
    },
  }
}
