// Puts the blocks of many series together to one sheet, ready to be written in one go.
import { type ByteSink, createByteSink, reserve } from './codec/byte-sink.ts'
import { checksum } from './codec/checksum.ts'
import { HEADER_BYTES, INDEX_ENTRY_BYTES, padded, type SheetHeader, sheetIndex } from './sheet-format.ts'

/** Series a sheet: its index is read whole for each question, a header is kept in memory for each sheet. */
const SERIES_A_SHEET = 512
const TARGET_BYTES = 1 << 20

/** A sheet that has no place in a file yet: room for its header, index, blocks. */
export type Sheet = { bytes: Uint8Array; header: Omit<SheetHeader, 'span' | 'cut' | 'offset'> }

export type SheetWriter = {
  /** Where the next block is to be written: then `end` it. */
  sink: ByteSink
  /** Closes the block of series `id`; ids come in ascending order. */
  end(id: number, samples: number): void
  isEmpty(): boolean
  /** Lets go of what an unfinished job left in it. */
  clear(): void
  /** Whether it is to be taken before the next block. */
  isFull(): boolean
  /** What is there; the writer is empty again. The bytes are good until the next sheet. */
  take(): Sheet
}

export function createSheetWriter(): SheetWriter {
  const sink = createByteSink(1 << 18)
  const ids = new Uint32Array(SERIES_A_SHEET)
  const ends = new Uint32Array(SERIES_A_SHEET)
  const checksums = new Uint32Array(SERIES_A_SHEET)
  let count = 0
  let samples = 0
  let whole = new Uint8Array(0)

  function clear(): void {
    count = 0
    samples = 0
    sink.length = 0
    reserve(sink, 1)
  }

  return {
    sink,
    end(id, more) {
      const from = count === 0 ? 0 : (ends[count - 1] ?? 0)
      ids[count] = id
      ends[count] = sink.length
      checksums[count] = checksum(sink.bytes.subarray(from, sink.length), id)
      count++
      samples += more
    },
    isEmpty: () => count === 0,
    clear,
    isFull: () => count >= SERIES_A_SHEET || sink.length >= TARGET_BYTES,
    take() {
      const indexBytes = count * INDEX_ENTRY_BYTES
      const length = HEADER_BYTES + padded(indexBytes + sink.length)
      if (whole.length < length) whole = new Uint8Array(length * 2)
      const index = whole.subarray(HEADER_BYTES, HEADER_BYTES + indexBytes)
      const columns = sheetIndex(index, count)
      columns.ids.set(ids.subarray(0, count))
      columns.ends.set(ends.subarray(0, count))
      columns.checksums.set(checksums.subarray(0, count))
      whole.set(sink.bytes.subarray(0, sink.length), HEADER_BYTES + indexBytes)
      whole.fill(0, HEADER_BYTES + indexBytes + sink.length, length)
      const header: Sheet['header'] = {
        ...{ kind: 'sheet', count, samples, dataBytes: sink.length },
        ...{ firstId: ids[0] ?? 0, lastId: ids[count - 1] ?? 0, indexChecksum: checksum(index) },
      }
      clear()
      return { bytes: whole.subarray(0, length), header }
    },
  }
}
