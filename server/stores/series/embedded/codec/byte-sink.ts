// Bytes being written: grows by itself, and packs numbers of any width of bits.

export type ByteSink = { bytes: Uint8Array; view: DataView; length: number }

/** Readers may look this far beyond the end of what they read. */
export const SLACK_BYTES = 8

export function createByteSink(capacity = 1 << 16): ByteSink {
  const bytes = new Uint8Array(capacity)
  return { bytes, view: new DataView(bytes.buffer), length: 0 }
}

/** Room for `more` bytes behind what is written. */
export function reserve(sink: ByteSink, more: number): void {
  const needed = sink.length + more + SLACK_BYTES
  if (needed <= sink.bytes.length) return
  const bytes = new Uint8Array(Math.max(needed, sink.bytes.length * 2))
  bytes.set(sink.bytes.subarray(0, sink.length))
  sink.bytes = bytes
  sink.view = new DataView(bytes.buffer)
}

export function writeByte(sink: ByteSink, value: number): void {
  reserve(sink, 1)
  sink.bytes[sink.length++] = value
}

export function writeDouble(sink: ByteSink, value: number): void {
  reserve(sink, 8)
  sink.view.setFloat64(sink.length, value, true)
  sink.length += 8
}

/** A whole number from 0 to 2^53, seven bits a byte, least first (LEB128). */
export function writeVarint(sink: ByteSink, value: number): void {
  reserve(sink, 8)
  let left = value
  while (left > 0x7fffffff) {
    sink.bytes[sink.length++] = (left % 128) | 128
    left = Math.floor(left / 128)
  }
  while (left > 127) {
    sink.bytes[sink.length++] = (left & 127) | 128
    left >>>= 7
  }
  sink.bytes[sink.length++] = left
}

/** A whole number between -2^52 and 2^52: small ones of either sign become short. */
export function writeSigned(sink: ByteSink, value: number): void {
  writeVarint(sink, value < 0 ? -2 * value - 1 : 2 * value)
}

/** Where a reader stands. `view` must reach SLACK_BYTES beyond what is read. */
export type ByteSource = { view: DataView; at: number }

export function readByte(source: ByteSource): number {
  return source.view.getUint8(source.at++)
}

export function readDouble(source: ByteSource): number {
  const value = source.view.getFloat64(source.at, true)
  source.at += 8
  return value
}

export function readVarint(source: ByteSource): number {
  let value = 0
  let scale = 1
  for (;;) {
    const byte = source.view.getUint8(source.at++)
    value += (byte & 127) * scale
    if (byte < 128) return value
    scale *= 128
  }
}

export function readSigned(source: ByteSource): number {
  const folded = readVarint(source)
  return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
}
