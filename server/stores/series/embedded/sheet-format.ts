// How blocks lie in a file. A sheet holds the blocks of many series for one span of time: a header, then for each series its id,
// where its block ends and the block's checksum, then the blocks. A flush is some sheets and a mark that it is whole.
import { checksum, repairBit } from './codec/checksum.ts'

export const HEADER_BYTES = 64
export const INDEX_ENTRY_BYTES = 12
const MAGIC = 0x48535450
const KINDS = ['', 'sheet', 'whole'] as const

export type SheetHeader = {
  kind: 'sheet' | 'whole'
  /** Beginning of the span, UTC milliseconds. */
  span: number
  /** Numbers of log records before this one are in here: a replay leaves them out for this span. */
  cut: number
  /** Where the header stands in its file. */
  offset: number
  /** Series in the sheet; the least and the greatest id. */
  count: number
  firstId: number
  lastId: number
  /** Bytes of the blocks, without index and filling. */
  dataBytes: number
  samples: number
  indexChecksum: number
}

/** Sheets begin at multiples of eight, so that their index can be read in place. */
export const padded = (bytes: number) => Math.ceil(bytes / 8) * 8

export const sheetBytes = ({ count, dataBytes }: Pick<SheetHeader, 'count' | 'dataBytes'>) =>
  HEADER_BYTES + padded(count * INDEX_ENTRY_BYTES + dataBytes)

export function writeHeader(bytes: Uint8Array, at: number, header: SheetHeader): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, KINDS.indexOf(header.kind), true)
  view.setFloat64(8, header.span, true)
  view.setFloat64(16, header.cut, true)
  view.setFloat64(24, header.offset, true)
  view.setUint32(32, header.count, true)
  view.setUint32(36, header.firstId, true)
  view.setUint32(40, header.lastId, true)
  view.setUint32(44, header.dataBytes, true)
  view.setUint32(48, header.samples, true)
  view.setUint32(52, header.indexChecksum, true)
  view.setUint32(56, 0, true)
  view.setUint32(60, checksum(bytes.subarray(at, at + 60)), true)
}

/** Null where no header stands. A flipped bit is put right in `bytes`, and `repaired` called. */
export function readHeader(bytes: Uint8Array, at: number, repaired: () => void): SheetHeader | null {
  if (at + HEADER_BYTES > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES)
  const wrongBits = view.getUint32(0, true) ^ MAGIC
  if ((wrongBits & (wrongBits - 1)) !== 0) return null
  const content = bytes.subarray(at, at + 60)
  if (checksum(content) !== view.getUint32(60, true)) {
    if (repairBit(content, view.getUint32(60, true)) === null) return null
    view.setUint32(60, checksum(content), true)
    repaired()
  }
  const kind = KINDS[view.getUint32(4, true)]
  if (view.getUint32(0, true) !== MAGIC || (kind !== 'sheet' && kind !== 'whole')) return null
  return {
    kind,
    span: view.getFloat64(8, true),
    cut: view.getFloat64(16, true),
    offset: view.getFloat64(24, true),
    count: view.getUint32(32, true),
    firstId: view.getUint32(36, true),
    lastId: view.getUint32(40, true),
    dataBytes: view.getUint32(44, true),
    samples: view.getUint32(48, true),
    indexChecksum: view.getUint32(52, true),
  }
}

export function serializeHeaders(headers: readonly SheetHeader[]): Uint8Array {
  const bytes = new Uint8Array(headers.length * HEADER_BYTES)
  for (const [number, header] of headers.entries()) writeHeader(bytes, number * HEADER_BYTES, header)
  return bytes
}

/** Ids ascend; block i is [ends[i - 1], ends[i]) of the data. */
export type SheetIndex = { ids: Uint32Array; ends: Uint32Array; checksums: Uint32Array }

/** `bytes`: count x 12, at a multiple of four in its buffer. */
export function sheetIndex(bytes: Uint8Array, count: number): SheetIndex {
  const column = (number: number) => new Uint32Array(bytes.buffer, bytes.byteOffset + number * count * 4, count)
  return { ids: column(0), ends: column(1), checksums: column(2) }
}

/** The place of `id` among `ids`; -1 where it is not. */
export function placeOf(ids: Uint32Array, id: number): number {
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = ids[middle] ?? 0
    if (found === id) return middle
    if (found < id) low = middle + 1
    else high = middle - 1
  }
  return -1
}
