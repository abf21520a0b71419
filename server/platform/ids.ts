import { hash, randomBytes } from 'node:crypto'

/** The instant of the newest id and its place among those of that instant. */
const newest = { at: -1, place: 0 }

/** Asked for in one go: a question for each id would cost ten times the rest of it. None is given out twice. */
const ID_BYTES = 16
const IDS_AT_ONCE = 256
const pool = { bytes: Buffer.alloc(0), used: 0 }

function random16(): Buffer {
  if (pool.used >= pool.bytes.length) {
    pool.bytes = randomBytes(ID_BYTES * IDS_AT_ONCE)
    pool.used = 0
  }
  pool.used += ID_BYTES
  return pool.bytes.subarray(pool.used - ID_BYTES, pool.used)
}

/**
 * UUIDv7 (RFC 9562): sorts by the instant `now` (UTC ms) in which it was made. Up to 2048 in a row of one instant sort in
 * the order in which they were made (section 6.2, method 1): what happened together is told in its order.
 */
export function newId(now: number): string {
  const bytes = random16()
  newest.place = now === newest.at ? (newest.place + 1) & 0xfff : bytes.readUInt16BE(6) & 0x7ff
  newest.at = now
  bytes.writeUIntBE(now, 0, 6)
  bytes.writeUInt16BE(0x7000 | newest.place, 6)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A new secret of 256 bits with a prefix that tells people (and secret scanners) what it is. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** What is kept of a random secret: SHA-256 in hex. Enough for 256 random bits; passwords go through argon2id instead. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** Readable slug of a name: lower case letters, digits and dashes, at most 60 characters. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return slug === '' ? 'x' : slug
}
