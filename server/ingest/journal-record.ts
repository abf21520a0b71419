// One record in a segment of the journal: a header, what is told in JSON, and the body of a batch byte for byte. Pure.
import type { Lane } from '../../protocol/vocabulary.ts'
import { checksum, repairBit } from '../stores/series/embedded/codec/checksum.ts'

/** A batch as it was delivered. `body` is its JSON text, strictly parsed before. Instants in UTC ms. */
export type JournalBatch = {
  agentId: string
  spool: string
  number: number
  lane: Lane
  /** By the agent's clock. */
  sentAt: number
  receivedAt: number
  body: Uint8Array
}

/** `id` grows with each entry and is never used twice. */
export type StoredBatch = JournalBatch & { id: number }

/** `endOffset`: how many bytes of bodies all entries up to this one had together. */
export type JournalRecord =
  | { kind: 'batch'; batch: StoredBatch; endOffset: number }
  | { kind: 'advance'; name: string; id: number; endOffset: number }

/** Magic, bytes of what is told, bytes of the body, checksum of both, checksum of the four before. */
const HEADER_BYTES = 20
const CHECKED_BYTES = 16
const MAGIC = 0x524a4e50
const MAGIC_BYTES = Buffer.from([0x50, 0x4e, 0x4a, 0x52])

type ToldBatch = Omit<StoredBatch, 'body'> & { endOffset: number }
type ToldAdvance = { name: string; id: number; endOffset: number }

export function encodeRecord(record: JournalRecord): Uint8Array[] {
  const { endOffset } = record
  if (record.kind === 'advance') return seal({ name: record.name, id: record.id, endOffset }, null)
  const { id, agentId, spool, number, lane, sentAt, receivedAt, body } = record.batch
  return seal({ id, agentId, spool, number, lane, sentAt, receivedAt, endOffset }, body)
}

function seal(what: ToldBatch | ToldAdvance, body: Uint8Array | null): Uint8Array[] {
  const told = Buffer.from(JSON.stringify(what))
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt32LE(told.length, 4)
  header.writeUInt32LE(body?.byteLength ?? 0, 8)
  header.writeUInt32LE(body === null ? checksum(told) : checksum(body, checksum(told)), 12)
  header.writeUInt32LE(checksum(header.subarray(0, CHECKED_BYTES)), CHECKED_BYTES)
  return body === null ? [header, told] : [header, told, body]
}

export type FoundRecord =
  | { kind: 'record'; record: JournalRecord; end: number; isRepaired: boolean }
  /** A whole header, but less behind it than it says. */
  | { kind: 'cut-off' }
  /** More than one bit of it flipped. */
  | { kind: 'broken'; end: number }
  | { kind: 'nothing' }

/** What stands at `at`; a flipped bit is put right in `bytes`. The body is a view into them. */
export function findRecord(bytes: Buffer, at: number): FoundRecord {
  if (at + HEADER_BYTES > bytes.length) return { kind: 'nothing' }
  const header = bytes.subarray(at, at + HEADER_BYTES)
  const wrongBits = header.readUInt32LE(0) ^ MAGIC
  // Most places that are looked at after damage are none: only what is nearly a record is worth a checksum.
  if ((wrongBits & (wrongBits - 1)) !== 0) return { kind: 'nothing' }
  const checked = header.subarray(0, CHECKED_BYTES)
  let isRepaired = false
  if (checksum(checked) !== header.readUInt32LE(CHECKED_BYTES)) {
    if (repairBit(checked, header.readUInt32LE(CHECKED_BYTES)) === null) return { kind: 'nothing' }
    isRepaired = true
  }
  if (header.readUInt32LE(0) !== MAGIC) return { kind: 'nothing' }
  const from = at + HEADER_BYTES
  const bodyFrom = from + header.readUInt32LE(4)
  const end = bodyFrom + header.readUInt32LE(8)
  if (end > bytes.length) return { kind: 'cut-off' }
  if (checksum(bytes.subarray(from, end)) !== header.readUInt32LE(12)) {
    if (repairBit(bytes.subarray(from, end), header.readUInt32LE(12)) === null) return { kind: 'broken', end }
    isRepaired = true
  }
  const told = JSON.parse(bytes.toString('utf8', from, bodyFrom)) as ToldBatch | ToldAdvance
  return { kind: 'record', record: recordOf(told, bytes.subarray(bodyFrom, end)), end, isRepaired }
}

function recordOf(told: ToldBatch | ToldAdvance, body: Uint8Array): JournalRecord {
  if ('name' in told) return { kind: 'advance', ...told }
  const { endOffset, ...batch } = told
  return { kind: 'batch', batch: { ...batch, body }, endOffset }
}

/** Where the next whole record begins behind damage; null when none does. */
export function nextRecordAt(bytes: Buffer, from: number): number | null {
  for (let at = bytes.indexOf(MAGIC_BYTES, from); at >= 0; at = bytes.indexOf(MAGIC_BYTES, at + 1)) {
    if (findRecord(bytes, at).kind === 'record') return at
  }
  return null
}
