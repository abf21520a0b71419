import { type FileHandle, open, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { orReadOnly, syncFolder, writeFileAtomically } from '../platform/atomic-file.ts'
import { decodeRecord, type NewRecord, type RecordPlace, type Scan, type SpoolRecord, scanSegment } from './record.ts'

/** One file of records in the order of their numbers, named by the first of them. */
export type Segment = {
  path: string
  bytes: number
  count: number
  firstNumber: number
  lastNumber: number
  /** What of it is not delivered yet. */
  waiting: { batches: number; bytes: number }
}

const NAME = /^(\d{16})\.segment$/

export const segmentPath = (directory: string, firstNumber: number): string =>
  join(directory, `${String(firstNumber).padStart(16, '0')}.segment`)

/**
 * Reads all segments, cuts torn tails and takes out what is damaged, so that each file holds sound records only.
 * `damaged` counts what was taken out. Files of which nothing waits any more are removed.
 */
export async function recoverSegments(
  directory: string,
  isDelivered: (number: number) => boolean,
): Promise<{ segments: Segment[]; damaged: number; highest: number }> {
  const segments: Segment[] = []
  let damaged = 0
  let highest = 0
  // A disk that is read-only may have no place for it yet.
  const names = await readdir(directory).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const name of names.filter(name => NAME.test(name)).sort()) {
    const path = join(directory, name)
    const bytes = await readFile(path)
    const scan = scanSegment(bytes)
    damaged += scan.damaged
    const [first, last] = [scan.records[0], scan.records.at(-1)]
    highest = Math.max(highest, last?.number ?? 0)
    const waiting = scan.records.filter(({ number }) => !isDelivered(number))
    if (first === undefined || last === undefined || waiting.length === 0) {
      await rm(path).catch(orReadOnly)
      continue
    }
    segments.push({
      path,
      bytes: await mend(path, bytes, scan),
      count: scan.records.length,
      firstNumber: first.number,
      lastNumber: last.number,
      waiting: { batches: waiting.length, bytes: waiting.reduce((sum, { bytes: length }) => sum + length, 0) },
    })
  }
  return { segments, damaged, highest }
}

/** Leaves only sound records in the file and tells its length. On a full disk it stays as it is: readers skip the rest. */
async function mend(path: string, bytes: Buffer, scan: Scan): Promise<number> {
  const sound = scan.records.map(place => bytes.subarray(place.offset, place.offset + place.bytes))
  const soundBytes = sound.reduce((sum, record) => sum + record.length, 0)
  try {
    if (soundBytes < scan.soundBytes) await writeFileAtomically(path, Buffer.concat(sound))
    else if (soundBytes < bytes.length) await truncate(path, soundBytes)
    return soundBytes
  } catch {
    return bytes.length
  }
}

/** Where the records of a segment lie. What cannot be read any more is simply not in the list. */
export async function listRecords(segment: Segment): Promise<RecordPlace[]> {
  return scanSegment(await readFile(segment.path)).records
}

/** The record at a place, checked once more; undefined when the disk does not give back what was written. */
export async function readRecord(segment: Segment, place: RecordPlace): Promise<SpoolRecord | undefined> {
  const bytes = Buffer.allocUnsafe(place.bytes)
  const handle = await open(segment.path, 'r')
  try {
    await handle.read(bytes, 0, place.bytes, place.offset)
  } finally {
    await handle.close()
  }
  const record = decodeRecord(bytes, 0)
  return record && { number: record.number, atMs: record.atMs, body: record.body }
}

/** The end of the newest segment, to which records are appended. */
export type Tail = { handle: FileHandle; segment: Segment }

export async function openTail(directory: string, firstNumber: number): Promise<Tail> {
  const path = segmentPath(directory, firstNumber)
  const handle = await open(path, 'wx', 0o600)
  try {
    await syncFolder(directory)
  } catch (error) {
    await handle.close()
    await rm(path, { force: true })
    throw error
  }
  const waiting = { batches: 0, bytes: 0 }
  return { handle, segment: { path, bytes: 0, count: 0, firstNumber, lastNumber: firstNumber - 1, waiting } }
}

/** Appends and waits until the disk has it. After a failure (disk full) the file is as it was before. */
export async function appendRecord(tail: Tail, record: NewRecord): Promise<RecordPlace> {
  const { handle, segment } = tail
  const bytes = record.whole
  try {
    let written = 0
    while (written < bytes.length) {
      written += (await handle.write(bytes, written, bytes.length - written, segment.bytes + written)).bytesWritten
    }
    await handle.datasync()
  } catch (error) {
    await handle.truncate(segment.bytes).catch(() => {})
    throw error
  }
  const place = {
    number: record.number,
    atMs: record.atMs,
    offset: segment.bytes,
    bytes: bytes.length,
  }
  segment.bytes += bytes.length
  segment.count += 1
  segment.waiting.batches += 1
  segment.waiting.bytes += bytes.length
  segment.lastNumber = record.number
  return place
}
