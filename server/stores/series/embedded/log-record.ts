// One group of samples in the log: a header, then values, times (ms after the record's base) and series ids, column by column.
import { checksum, repairBit } from './codec/checksum.ts'

export const RECORD_HEADER_BYTES = 32
const BYTES_A_SAMPLE = 16
const MAGIC = 0x474f4c50

export type LogRecord = { number: number; base: number; count: number }

export const recordBytes = (count: number) => RECORD_HEADER_BYTES + count * BYTES_A_SAMPLE

export type RecordColumns = { values: Float64Array; offsets: Uint32Array; ids: Uint32Array }

/** Views into a record at `at`, which is a multiple of eight in its buffer. */
export function recordColumns(bytes: Uint8Array, at: number, count: number): RecordColumns {
  const from = bytes.byteOffset + at + RECORD_HEADER_BYTES
  return {
    values: new Float64Array(bytes.buffer, from, count),
    offsets: new Uint32Array(bytes.buffer, from + count * 8, count),
    ids: new Uint32Array(bytes.buffer, from + count * 12, count),
  }
}

/** Closes the record at `at`, whose columns are filled. */
export function sealRecord(bytes: Uint8Array, at: number, { number, base, count }: LogRecord): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEADER_BYTES)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, count, true)
  view.setFloat64(8, number, true)
  view.setFloat64(16, base, true)
  view.setUint32(24, checksum(bytes.subarray(at + RECORD_HEADER_BYTES, at + recordBytes(count))), true)
  view.setUint32(28, checksum(bytes.subarray(at, at + 28)), true)
}

export type FoundRecord =
  | { kind: 'record'; record: LogRecord; isRepaired: boolean }
  /** A header, but less behind it than it says. */
  | { kind: 'cut-off' }
  | { kind: 'broken'; record: LogRecord }
  | { kind: 'nothing' }

/** What stands at `at`; a flipped bit is put right in `bytes`. */
export function findRecord(bytes: Uint8Array, at: number): FoundRecord {
  if (at + RECORD_HEADER_BYTES > bytes.length) return { kind: 'nothing' }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_HEADER_BYTES)
  const wrongBits = view.getUint32(0, true) ^ MAGIC
  if ((wrongBits & (wrongBits - 1)) !== 0) return { kind: 'nothing' }
  const head = bytes.subarray(at, at + 28)
  let isRepaired = false
  if (checksum(head) !== view.getUint32(28, true)) {
    if (repairBit(head, view.getUint32(28, true)) === null || view.getUint32(0, true) !== MAGIC)
      return { kind: 'nothing' }
    isRepaired = true
  } else if (wrongBits !== 0) return { kind: 'nothing' }
  const count = view.getUint32(4, true)
  const record = { number: view.getFloat64(8, true), base: view.getFloat64(16, true), count }
  const end = at + recordBytes(count)
  if (end > bytes.length) return { kind: 'cut-off' }
  const content = bytes.subarray(at + RECORD_HEADER_BYTES, end)
  if (checksum(content) !== view.getUint32(24, true)) {
    if (repairBit(content, view.getUint32(24, true)) === null) return { kind: 'broken', record }
    isRepaired = true
  }
  return { kind: 'record', record, isRepaired }
}
