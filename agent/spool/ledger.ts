import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { orReadOnly, syncFolder } from '../platform/atomic-file.ts'

/** What the spool must remember beside its records. Counts run since the spool was made. */
export type LedgerEntry = {
  /** Instance of the spool (UUID). */
  spool: string
  /** Numbers up to here may have been given away; a new start goes on behind it. */
  reserved: number
  /** Numbers up to here were delivered or set aside. */
  acknowledged: number
  /** Stretches beyond that which were, too: fresh batches go out before those that waited longer. */
  ahead: readonly (readonly [first: number, last: number])[]
  /** Batches lost: the oldest when the spool was full, those in memory when the disk was, damaged ones. */
  dropped: number
  /** Batches that the collector refused and that were set aside. */
  rejected: number
}

export type Ledger = {
  /** `durable` waits for the disk; without it a power cut (not a kill) may bring back the entry before. */
  write(entry: LedgerEntry, how: 'durable' | 'relaxed'): Promise<void>
  close(): Promise<void>
}

// Two slots, written by turns and in place: a torn write spoils one of them at most, and a full disk still takes them.
const SLOT_BYTES = 512
const SLOT_AT = [0, 4096] as const
const FILE_BYTES = 4096 + SLOT_BYTES

export function encodeSlot(sequence: number, entry: LedgerEntry): Buffer {
  const text = JSON.stringify({ sequence, ...entry })
  const line = `${crc32(text).toString(16).padStart(8, '0')} ${text}`
  return Buffer.from(`${line.padEnd(SLOT_BYTES - 1)}\n`)
}

/** The entry in a slot, or undefined when the slot is empty, torn or altered. */
export function decodeSlot(slot: Buffer): { sequence: number; entry: LedgerEntry } | undefined {
  const [, sum, text] = /^([0-9a-f]{8}) (\{.*\}) *\n$/.exec(slot.toString('latin1')) ?? []
  if (sum === undefined || text === undefined || crc32(text) !== Number.parseInt(sum, 16)) return undefined
  // The checksum held, so this is what encodeSlot wrote; before there were two lanes it wrote no stretches.
  const {
    sequence,
    ahead = [],
    ...rest
  }: Omit<LedgerEntry, 'ahead'> & Partial<LedgerEntry> & { sequence: number } = JSON.parse(text)
  return { sequence, entry: { ...rest, ahead } }
}

/**
 * Opens the ledger and tells its newest entry; undefined when it is new or both slots are beyond reading. `doubtful`
 * when a slot is unreadable that was written once, so that there may have been a newer entry. On a disk that is read-only
 * each write tries again whether it still is.
 */
export async function openLedger(
  path: string,
  folder: 'there' | 'read-only' = 'there',
): Promise<{ ledger: Ledger; entry: LedgerEntry | undefined; doubtful: boolean; disk: 'ok' | 'read-only' }> {
  const opened = folder === 'there' ? await openOrCreate(path).catch(orReadOnly) : undefined
  let handle = opened?.handle
  const bytes = opened?.bytes ?? (await readFile(path).catch(() => Buffer.alloc(0)))
  const slots = SLOT_AT.map(at => decodeSlot(bytes.subarray(at, at + SLOT_BYTES)))
  const newest = slots.reduce(
    (best, slot) => (slot && (!best || slot.sequence > best.sequence) ? slot : best),
    undefined,
  )
  let sequence = newest?.sequence ?? 0
  return {
    entry: newest?.entry,
    disk: opened === undefined ? 'read-only' : 'ok',
    doubtful: slots.some((slot, index) => slot === undefined && isWritten(bytes, SLOT_AT[index] ?? 0)),
    ledger: {
      async write(entry, how) {
        sequence += 1
        handle ??= (await openOrCreate(path)).handle
        await handle.write(encodeSlot(sequence, entry), 0, SLOT_BYTES, SLOT_AT[sequence % 2 === 0 ? 0 : 1])
        if (how === 'durable') await handle.datasync()
      },
      close: async () => handle?.close(),
    },
  }
}

function isWritten(bytes: Buffer, at: number): boolean {
  return bytes.length < at + SLOT_BYTES || bytes.subarray(at, at + SLOT_BYTES).some(byte => byte !== 0x20)
}

async function openOrCreate(path: string): Promise<{ handle: FileHandle; bytes: Buffer }> {
  try {
    const handle = await open(path, 'r+')
    const bytes = await handle.readFile()
    // A file cut short gets its room back now, while there may be space.
    if (bytes.length < FILE_BYTES)
      await handle.write(Buffer.alloc(FILE_BYTES - bytes.length, ' '), 0, null, bytes.length)
    return { handle, bytes }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const handle = await open(path, 'wx+', 0o600)
  await handle.write(Buffer.alloc(FILE_BYTES, ' '), 0, FILE_BYTES, 0)
  await handle.sync()
  await syncFolder(dirname(path))
  return { handle, bytes: Buffer.alloc(FILE_BYTES, ' ') }
}
