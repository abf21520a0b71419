// CRC-32 with repair: one flipped bit is found from the checksum alone and put right; more is told, never guessed.
import { crc32 } from 'node:zlib'

/** Of zlib: reflected, as in Ethernet and PNG. */
const POLYNOMIAL = 0xedb88320

/** `seed` binds bytes to what they belong to: the same bytes under another name do not fit. */
export function checksum(bytes: Uint8Array, seed = 0): number {
  return crc32(bytes, seed)
}

/** Steps the checksum's register by one bit. */
const step = (register: number) => (register & 1 ? (register >>> 1) ^ POLYNOMIAL : register >>> 1) >>> 0

/**
 * Puts a single flipped bit right in place. 'checksum': the flipped bit was in the checksum. Another damage that looks like one
 * flipped bit: once in 500,000 for a kilobyte.
 */
export function repairBit(bytes: Uint8Array, expected: number, seed = 0): 'bytes' | 'checksum' | null {
  const syndrome = (checksum(bytes, seed) ^ expected) >>> 0
  if (syndrome === 0 || (syndrome & (syndrome - 1)) === 0) return 'checksum'
  let register = 1
  const bits = bytes.length * 8
  for (let steps = 1; steps <= bits; steps++) {
    register = step(register)
    if (register !== syndrome) continue
    const bytesBehind = (steps - 1) >>> 3
    const place = bytes.length - 1 - bytesBehind
    bytes[place] = (bytes[place] ?? 0) ^ (1 << (8 - (steps - bytesBehind * 8)))
    return 'bytes'
  }
  return null
}
