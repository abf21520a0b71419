// One file of the journal: records one after another, written by one process, never changed, deleted whole.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { copyFileWhole } from '../stores/durable/copy-file.ts'
import { storageError } from '../stores/durable/sqlite.ts'
import { type DamageList, REPAIRED } from '../stores/series/embedded/damage.ts'
import { openDiskFile } from '../stores/series/embedded/disk.ts'
import { encodeRecord, findRecord, type JournalRecord, nextRecordAt, type StoredBatch } from './journal-record.ts'

/** Where an entry stands. */
type Place = { id: number; at: number; bytes: number; endOffset: number }

export type Segment = {
  firstId: number
  /** Of the last entry; one less than `firstId` while there is none. */
  lastId(): number
  bytes(): number
  /** All records, durable when it returns. Throws StorageError, and then none of them was written. */
  append(records: readonly JournalRecord[]): void
  /** Entries after this id, up to so many and so many bytes, but at least one if there is one. */
  read(afterId: number, limit: number, maxBytes: number): StoredBatch[]
  /** Null for an entry that is not here. */
  endOffsetOf(id: number): number | null
  /** Into a file of the same name in this folder. */
  copyTo(folder: string): Promise<void>
  close(): void
  remove(): void
}

/** Their folder in the data directory. */
export const SEGMENTS = 'journal'
const NAME = /^(\d{16})\.segment$/

/** First ids of the segments in this directory, lowest first. */
export function listSegments(directory: string): number[] {
  return readdirSync(directory)
    .flatMap(name => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((left, right) => left - right)
}

const pathOf = (directory: string, firstId: number) => join(directory, `${String(firstId).padStart(16, '0')}.segment`)

/** Begins a new one. What stands there under the same id was never acknowledged. */
export function beginSegment(directory: string, firstId: number, damages: DamageList): Segment {
  const segment = openSegment(directory, firstId, [], damages)
  segment.remove()
  return openSegment(directory, firstId, [], damages)
}

/**
 * Finds what is whole in a segment of an earlier start; `found` is told each record in order. Entries from `nextFirstId` on
 * belong to the next segment: here they were refused. What was torn at the end was never acknowledged; what is broken before
 * it is noted as damage.
 */
export function scanSegment(
  told: { directory: string; firstId: number; nextFirstId: number; damages: DamageList },
  found: (record: JournalRecord) => void,
): Segment {
  const { directory, firstId, nextFirstId, damages } = told
  const path = pathOf(directory, firstId)
  const bytes = readAll(path)
  const places: Place[] = []
  for (let at = 0; at < bytes.length; ) {
    const here = findRecord(bytes, at)
    if (here.kind === 'record') {
      const { record, end } = here
      const isEntry = record.kind === 'batch'
      if (here.isRepaired) damages.note(`${basename(path)} at ${at}`, REPAIRED)
      if (!isEntry || (record.batch.id < nextFirstId && record.batch.id > (places.at(-1)?.id ?? 0))) {
        if (isEntry) places.push({ id: record.batch.id, at, bytes: end - at, endOffset: record.endOffset })
        found(record)
      }
      at = end
      continue
    }
    const next = here.kind === 'broken' ? here.end : nextRecordAt(bytes, at + 1)
    if (next === null) break
    damages.note(`${basename(path)} at ${at}`, `${next - at} bytes are broken, and the batches in them are lost`)
    at = next
  }
  return openSegment(directory, firstId, places, damages)
}

function readAll(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw storageError(error, path)
  }
}

function openSegment(directory: string, firstId: number, places: Place[], damages: DamageList): Segment {
  const path = pathOf(directory, firstId)
  const file = openDiskFile(path)
  let size = file.size()

  /** Index of the first entry after this id. */
  function after(id: number): number {
    let [low, high] = [0, places.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((places[middle]?.id ?? 0) <= id) low = middle + 1
      else high = middle
    }
    return low
  }

  function chooseFrom(from: number, limit: number, maxBytes: number): Place[] {
    let bytes = 0
    let to = from
    for (; to < places.length && to - from < limit; to++) {
      bytes += places[to]?.bytes ?? 0
      if (to > from && bytes > maxBytes) break
    }
    return places.slice(from, to)
  }

  function readPlaces(chosen: readonly Place[]): StoredBatch[] {
    const [first, last] = [chosen[0], chosen.at(-1)]
    if (first === undefined || last === undefined) return []
    const content = Buffer.allocUnsafe(last.at + last.bytes - first.at)
    const bytes = content.subarray(0, file.read(content, first.at))
    return chosen.flatMap(({ at }) => entryAt(bytes, at - first.at, `${basename(path)} at ${at}`) ?? [])
  }

  /** Null when it broke since it was written. */
  function entryAt(bytes: Buffer, at: number, name: string): StoredBatch | null {
    const found = findRecord(bytes, at)
    if (found.kind === 'record' && found.record.kind === 'batch') {
      if (found.isRepaired) damages.note(name, REPAIRED)
      return found.record.batch
    }
    damages.note(name, 'an accepted batch is broken and lost')
    return null
  }

  return {
    firstId,
    lastId: () => places.at(-1)?.id ?? firstId - 1,
    bytes: () => size,

    append(records) {
      const parts: Uint8Array[] = []
      const added: Place[] = []
      let end = size
      for (const record of records) {
        const at = end
        for (const part of encodeRecord(record)) {
          parts.push(part)
          end += part.byteLength
        }
        if (record.kind === 'batch') {
          added.push({ id: record.batch.id, at, bytes: end - at, endOffset: record.endOffset })
        }
      }
      try {
        file.write(Buffer.concat(parts), size)
        file.sync()
      } catch (error) {
        try {
          file.truncate(size)
        } catch {
          // It stays behind what is known of this file, and is found by its id if a start reads it.
        }
        throw error
      }
      size = end
      places.push(...added)
    },

    read(afterId, limit, maxBytes) {
      for (let from = after(afterId); from < places.length; ) {
        const chosen = chooseFrom(from, limit, maxBytes)
        const found = readPlaces(chosen)
        // All of them broken: what lies behind is not.
        if (found.length > 0) return found
        from += chosen.length
      }
      return []
    },

    endOffsetOf(id) {
      const place = places[after(id) - 1]
      return place?.id === id ? place.endOffset : null
    },

    async copyTo(folder) {
      const target = join(folder, basename(path))
      try {
        await copyFileWhole(path, target)
      } catch (error) {
        throw storageError(error, target)
      }
    },

    close: () => file.close(),
    remove() {
      file.close()
      try {
        rmSync(path)
      } catch (error) {
        throw storageError(error, path)
      }
    },
  }
}
