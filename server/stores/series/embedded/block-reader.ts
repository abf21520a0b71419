// Reads blocks out of sheets and holds each against its checksum. A flipped bit is put right, on disk too; a block that is
// broken beyond that counts as not there, and is named.
import type { ByteSource } from './codec/byte-sink.ts'
import { SLACK_BYTES } from './codec/byte-sink.ts'
import { checksum, repairBit } from './codec/checksum.ts'
import { type DamageList, REPAIRED } from './damage.ts'
import type { DiskFile } from './disk.ts'
import {
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  placeOf,
  type SheetHeader,
  type SheetIndex,
  sheetIndex,
} from './sheet-format.ts'

/** Of indexes kept in memory. */
const MOST_CACHED_BYTES = 8 * 1024 * 1024
/** Where sheets are read from. */
export type SheetData = { data: DiskFile }
/** Blocks that lie no further apart than this are read in one go. */
const TOGETHER_BYTES = 16 * 1024
const MOST_TOGETHER_BYTES = 512 * 1024

/** `source` is good until the call returns. */
export type VisitBlock = (id: number, source: ByteSource) => void

export type BlockReader = {
  /** Null when the index is broken: the blocks of this sheet are lost. */
  index(file: SheetData, sheet: SheetHeader): SheetIndex | null
  has(file: SheetData, sheet: SheetHeader, id: number): boolean
  /** Visits the blocks of `ids` (ascending) that the sheet has. */
  blocks(file: SheetData, sheet: SheetHeader, ids: ArrayLike<number>, visit: VisitBlock): void
  memoryBytes(): number
}

const EMPTY: SheetIndex = { ids: new Uint32Array(0), ends: new Uint32Array(0), checksums: new Uint32Array(0) }

export function createBlockReader({
  damage,
  mostCachedBytes = MOST_CACHED_BYTES,
}: {
  damage: Pick<DamageList, 'note'>
  mostCachedBytes?: number
}): BlockReader {
  const cache = new Map<SheetHeader, SheetIndex>()
  let cachedBytes = 0
  let buffer = new Uint8Array(64 * 1024)
  let view = new DataView(buffer.buffer)

  function read(file: SheetData, length: number, at: number): Uint8Array {
    if (buffer.length < length + SLACK_BYTES) {
      buffer = new Uint8Array(length * 2 + SLACK_BYTES)
      view = new DataView(buffer.buffer)
    }
    const bytes = buffer.subarray(0, length)
    if (file.data.read(bytes, at) < length) bytes.fill(0)
    return bytes
  }

  /** Whether the bytes are good, if need be after a repair. */
  function holds(
    file: SheetData,
    bytes: Uint8Array,
    at: number,
    expected: number,
    seed: number,
    what: string,
  ): boolean {
    if (checksum(bytes, seed) === expected) return true
    const place = `${file.data.path} at ${at}`
    const repaired = repairBit(bytes, expected, seed)
    if (repaired === null) {
      damage.note(place, `${what} unreadable`)
      return false
    }
    damage.note(place, REPAIRED)
    if (repaired === 'bytes') {
      try {
        file.data.write(bytes, at)
      } catch {
        // What was read is good all the same.
      }
    }
    return true
  }

  function index(file: SheetData, sheet: SheetHeader): SheetIndex | null {
    const known = cache.get(sheet)
    if (known !== undefined) {
      // Last in the map is last used.
      cache.delete(sheet)
      cache.set(sheet, known)
      return known === EMPTY ? null : known
    }
    const at = sheet.offset + HEADER_BYTES
    const bytes = new Uint8Array(sheet.count * INDEX_ENTRY_BYTES)
    bytes.set(read(file, bytes.length, at))
    const when = new Date(sheet.span).toISOString()
    const isGood = holds(
      file,
      bytes,
      at,
      sheet.indexChecksum,
      0,
      `the blocks of ${sheet.count} series from ${when} on are`,
    )
    const found = isGood ? sheetIndex(bytes, sheet.count) : EMPTY
    cache.set(sheet, found)
    cachedBytes += bytes.length
    for (const oldest of cache.keys()) {
      if (cachedBytes <= mostCachedBytes) break
      cache.delete(oldest)
      cachedBytes -= oldest.count * INDEX_ENTRY_BYTES
    }
    return isGood ? found : null
  }

  return {
    index,

    has: (file, sheet, id) => {
      if (id < sheet.firstId || id > sheet.lastId) return false
      const found = index(file, sheet)
      return found !== null && placeOf(found.ids, id) >= 0
    },

    blocks(file, sheet, ids, visit) {
      if (ids.length === 0 || (ids[ids.length - 1] ?? 0) < sheet.firstId || (ids[0] ?? 0) > sheet.lastId) return
      const found = index(file, sheet)
      if (found === null) return
      const { ends, checksums } = found
      const places: number[] = []
      if (ids.length >= sheet.count) {
        let next = 0
        for (let place = 0; place < sheet.count; place++) {
          const id = found.ids[place] ?? 0
          while (next < ids.length && (ids[next] ?? 0) < id) next++
          if (ids[next] === id) places.push(place)
        }
      } else {
        for (let number = 0; number < ids.length; number++) {
          const place = placeOf(found.ids, ids[number] ?? 0)
          if (place >= 0) places.push(place)
        }
      }
      const base = sheet.offset + HEADER_BYTES + sheet.count * INDEX_ENTRY_BYTES
      const startOf = (place: number) => (place === 0 ? 0 : (ends[place - 1] ?? 0))
      const source: ByteSource = { view, at: 0 }
      for (let first = 0; first < places.length; ) {
        const from = startOf(places[first] ?? 0)
        let to = ends[places[first] ?? 0] ?? 0
        let last = first + 1
        for (; last < places.length; last++) {
          const end = ends[places[last] ?? 0] ?? 0
          if (startOf(places[last] ?? 0) - to > TOGETHER_BYTES || end - from > MOST_TOGETHER_BYTES) break
          to = end
        }
        const bytes = read(file, to - from, base + from)
        source.view = view
        for (; first < last; first++) {
          const place = places[first] ?? 0
          const start = startOf(place) - from
          const id = found.ids[place] ?? 0
          const block = bytes.subarray(start, (ends[place] ?? 0) - from)
          const about = () => `a block of one series from ${new Date(sheet.span).toISOString()} on is`
          const expected = checksums[place] ?? 0
          if (checksum(block, id) !== expected && !holds(file, block, base + from + start, expected, id, about()))
            continue
          source.at = start
          visit(id, source)
        }
      }
    },

    memoryBytes: () => cachedBytes + buffer.length,
  }
}
