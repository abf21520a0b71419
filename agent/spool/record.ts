import { crc32 } from 'node:zlib'

// One record of a segment file: a head of 28 bytes, then the body.
//   0  4  magic; its bytes cannot stand in UTF-8 text, so it never appears inside a body
//   4  4  length of the body
//   8  8  number
//  16  8  instant of the batch in UTC milliseconds
//  24  4  CRC-32 over bytes 4..24 and the body
// All integers little-endian.

export const HEAD_BYTES = 28
const MAGIC = Buffer.from([0xff, 0x50, 0x52, 0xfe])
const CRC_AT = 24

export type SpoolRecord = { number: number; atMs: number; body: Buffer }

/** One that is still to be written: `whole` is head and body as they stand in a file, `body` a part of it. */
export type NewRecord = SpoolRecord & { whole: Buffer }

/** Where a sound record lies in its segment. */
export type RecordPlace = { number: number; atMs: number; offset: number; bytes: number }

/** Takes the memory of `spare` where that is enough. What it held is then gone. */
export function encodeRecord(number: number, atMs: number, body: string | Uint8Array, spare?: Buffer): NewRecord {
  const length = HEAD_BYTES + Buffer.byteLength(body)
  const memory =
    spare === undefined || spare.buffer.byteLength < length ? new ArrayBuffer(roomFor(length)) : spare.buffer
  const whole = Buffer.from(memory, 0, length)
  MAGIC.copy(whole, 0)
  whole.writeUInt32LE(length - HEAD_BYTES, 4)
  whole.writeBigUInt64LE(BigInt(number), 8)
  whole.writeBigUInt64LE(BigInt(atMs), 16)
  if (typeof body === 'string') whole.write(body, HEAD_BYTES)
  else whole.set(body, HEAD_BYTES)
  whole.writeUInt32LE(checksum(whole, 0, length), CRC_AT)
  return { number, atMs, body: whole.subarray(HEAD_BYTES), whole }
}

/** Whole blocks: the next batch may be a little longer. */
const roomFor = (bytes: number): number => Math.ceil(bytes / 4_096) * 4_096

function checksum(bytes: Buffer, offset: number, end: number): number {
  return crc32(bytes.subarray(offset + HEAD_BYTES, end), crc32(bytes.subarray(offset + 4, offset + CRC_AT)))
}

/** End of the record that begins at `offset` by what its head says; undefined when there is no whole one. */
function endOfRecord(bytes: Buffer, offset: number): number | undefined {
  if (offset + HEAD_BYTES > bytes.length || bytes.compare(MAGIC, 0, 4, offset, offset + 4) !== 0) return undefined
  const end = offset + HEAD_BYTES + bytes.readUInt32LE(offset + 4)
  return end <= bytes.length ? end : undefined
}

/** The record at `offset`, or undefined when it is not whole and sound. */
export function decodeRecord(bytes: Buffer, offset: number): (RecordPlace & { body: Buffer }) | undefined {
  const end = endOfRecord(bytes, offset)
  if (end === undefined || checksum(bytes, offset, end) !== bytes.readUInt32LE(offset + CRC_AT)) return undefined
  return {
    number: Number(bytes.readBigUInt64LE(offset + 8)),
    atMs: Number(bytes.readBigUInt64LE(offset + 16)),
    offset,
    bytes: end - offset,
    body: bytes.subarray(offset + HEAD_BYTES, end),
  }
}

export type Scan = {
  records: RecordPlace[]
  /** Stretches between or after sound records that hold nothing readable; each was at least one record. */
  damaged: number
  /** Length without a torn tail (an append that was cut off by a kill); what follows it was never complete. */
  soundBytes: number
}

/** Finds every sound record of a segment. After a broken one it goes on at the next magic whose checksum holds. */
export function scanSegment(bytes: Buffer): Scan {
  const records: RecordPlace[] = []
  let damaged = 0
  let offset = 0
  while (offset < bytes.length) {
    const record = decodeRecord(bytes, offset)
    if (record !== undefined) {
      const { body: _, ...place } = record
      records.push(place)
      offset += record.bytes
      continue
    }
    const next = findNextRecord(bytes, offset + 1)
    if (next === undefined) {
      // A whole record that does not add up was written once and is damaged; anything shorter is a torn tail.
      if (endOfRecord(bytes, offset) !== undefined) damaged += 1
      return { records, damaged, soundBytes: offset }
    }
    damaged += 1
    offset = next
  }
  return { records, damaged, soundBytes: bytes.length }
}

function findNextRecord(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(MAGIC, from); at !== -1; at = bytes.indexOf(MAGIC, at + 1)) {
    if (decodeRecord(bytes, at) !== undefined) return at
  }
  return undefined
}
