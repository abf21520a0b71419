// What must never be lost, small and in two equal copies: the names of the series, and how far back things were let go.
import { renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { StorageError } from '../../durable/storage-error.ts'
import { checksum, repairBit } from './codec/checksum.ts'
import { type DamageList, REPAIRED } from './damage.ts'
import { type DiskFile, openDiskFile, syncDirectory } from './disk.ts'

/** `raw`: older samples are let go. `all`: what is older than this is let go in the tiers too. UTC milliseconds. */
export type Horizons = { raw: number; all: number }
export type SeriesName = readonly [id: number, text: string]

type Entry = { names: SeriesName[] } | { horizons: Horizons } | { nextId: number }

export type Ledger = {
  /**
   * All names that were given and not dropped, by id. Read from the disk, but for the first time: nobody here needs them again, and
   * those of 90,000 series are 13 MiB. Throws StorageError where not all of them can be read.
   */
  names(): ReadonlyMap<number, string>
  /** Of all names, ascending. */
  ids(): Uint32Array
  /** Whether there is a name. Asked for each sample. */
  has(id: number): boolean
  /** Whether there was one that was dropped since the start: it never comes back. */
  wasDropped(id: number): boolean
  /** Those that were dropped since they were asked for last. */
  takeDropped(): Uint32Array
  /** No series ever had this id or a higher one: ids are never used again, for old ones may still stand in the log. */
  nextId(): number
  horizons(): Horizons
  /** Durable when it returns. Throws StorageError. */
  addNames(names: readonly SeriesName[]): void
  setHorizons(horizons: Horizons): void
  /** Both copies are written anew. A crash may leave the names as they were. Throws StorageError, and then they are as they were. */
  dropNames(ids: readonly number[]): void
  files(): { path: string; bytes: number }[]
  close(): void
}

const MAGIC = 0x4447454c
const HEADER_BYTES = 16
const NAMED = 1
const DROPPED = 2

function serialize(entry: Entry): Uint8Array {
  const content = Buffer.from(JSON.stringify(entry))
  const bytes = Buffer.alloc(HEADER_BYTES + Math.ceil(content.length / 8) * 8)
  content.copy(bytes, HEADER_BYTES)
  bytes.writeUInt32LE(MAGIC, 0)
  bytes.writeUInt32LE(content.length, 4)
  bytes.writeUInt32LE(checksum(content), 8)
  bytes.writeUInt32LE(checksum(bytes.subarray(0, 12)), 12)
  return bytes
}

type Found = { entry: Entry; next: number; isRepaired: boolean }

function findEntry(bytes: Buffer, at: number): Found | null {
  if (at + HEADER_BYTES > bytes.length) return null
  const wrongBits = bytes.readUInt32LE(at) ^ MAGIC
  if ((wrongBits & (wrongBits - 1)) !== 0) return null
  const head = bytes.subarray(at, at + 12)
  let isRepaired = false
  if (checksum(head) !== bytes.readUInt32LE(at + 12)) {
    if (repairBit(head, bytes.readUInt32LE(at + 12)) === null || bytes.readUInt32LE(at) !== MAGIC) return null
    isRepaired = true
  }
  const length = bytes.readUInt32LE(at + 4)
  const content = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)
  if (content.length < length) return null
  if (checksum(content) !== bytes.readUInt32LE(at + 8)) {
    if (repairBit(content, bytes.readUInt32LE(at + 8)) === null) return null
    isRepaired = true
  }
  const next = at + HEADER_BYTES + Math.ceil(length / 8) * 8
  return { entry: JSON.parse(content.toString()) as Entry, next, isRepaired }
}

/** `end`: behind the last good entry. A broken one before that is a hole; one behind it may be a write that was cut off. */
type Copy = { entries: Entry[]; end: number; size: number; hasHole: boolean; isRepaired: boolean }

function readCopy(file: DiskFile, damage: DamageList): Copy {
  const bytes = Buffer.alloc(file.size())
  file.read(bytes, 0)
  const copy: Copy = { entries: [], end: 0, size: bytes.length, hasHole: false, isRepaired: false }
  for (let at = 0; at < bytes.length; ) {
    const found = findEntry(bytes, at)
    if (found === null) {
      at += 8
      continue
    }
    if (found.isRepaired) {
      copy.isRepaired = true
      damage.note(`${file.path} at ${at}`, REPAIRED)
    }
    if (at > copy.end) copy.hasHole = true
    copy.entries.push(found.entry)
    at = found.next
    copy.end = Math.min(at, bytes.length)
  }
  return copy
}

/** `base` names both copies: BASE-a and BASE-b. */
export function openLedger(base: string, damage: DamageList): Ledger {
  const paths = ['a', 'b'].map(letter => `${base}-${letter}`)
  let copies = paths.map(path => openDiskFile(path))
  /** What the start has read, until someone asks for it. */
  let unasked: Map<number, string> | null = new Map()
  let dropped: number[] = []
  let horizons: Horizons = { raw: 0, all: 0 }
  let named = new Uint8Array(1024)
  let nextId = 0
  let end = 0

  function give(id: number, text: string): void {
    unasked?.set(id, text)
    nextId = Math.max(nextId, id + 1)
    if (id >= named.length) {
      const wider = new Uint8Array(id * 2)
      wider.set(named)
      named = wider
    }
    named[id] = NAMED
  }

  function learn(entry: Entry): void {
    if ('names' in entry) {
      for (const [id, text] of entry.names) give(id, text)
    } else if ('nextId' in entry) nextId = Math.max(nextId, entry.nextId)
    else {
      horizons = {
        raw: Math.max(horizons.raw, entry.horizons.raw),
        all: Math.max(horizons.all, entry.horizons.all),
      }
    }
  }

  /** Both copies anew, beside the old ones first, so that one of them is whole at any time. */
  function rewrite(kept: ReadonlyMap<number, string>): void {
    const all = Buffer.concat([
      ...(kept.size > 0 ? [serialize({ names: [...kept] })] : []),
      ...(nextId > 0 ? [serialize({ nextId })] : []),
      ...(horizons.raw + horizons.all > 0 ? [serialize({ horizons })] : []),
    ])
    for (const path of paths) {
      const file = openDiskFile(`${path}.new`)
      try {
        file.truncate(0)
        file.write(all, 0)
        file.sync()
      } finally {
        file.close()
      }
    }
    for (const file of copies) file.close()
    for (const path of paths) {
      renameSync(`${path}.new`, path)
      syncDirectory(dirname(path))
    }
    copies = paths.map(path => openDiskFile(path))
    end = all.length
  }

  function add(entry: Entry): void {
    const bytes = serialize(entry)
    for (const file of copies) {
      file.write(bytes, end)
      file.sync()
    }
    end += bytes.length
    learn(entry)
  }

  const read = copies.map(file => readCopy(file, damage))
  for (const { entries } of read) for (const entry of entries) learn(entry)
  const [first, second] = read
  if (first === undefined || second === undefined) throw new Error('a ledger has two copies')
  const isGood = (copy: Copy) => !copy.hasHole && !copy.isRepaired && copy.end === copy.size
  if (isGood(first) && isGood(second) && first.end === second.end) end = first.end
  else {
    const names = unasked
    for (const [number, { hasHole, end: reached, size }] of read.entries()) {
      // A crash between the two copies leaves one of them shorter, and that is no damage.
      const isOutdone = size > reached && size - reached > HEADER_BYTES && (read[1 - number]?.end ?? 0) > reached
      if (hasHole || isOutdone)
        damage.note(copies[number]?.path ?? base, 'was broken and is made anew from the other copy')
    }
    rewrite(names)
  }

  function ids(): Uint32Array {
    return Uint32Array.from(named.keys()).filter(id => named[id] === NAMED)
  }

  function readNames(): Map<number, string> {
    const names = new Map<number, string>()
    for (const file of copies) {
      for (const entry of readCopy(file, damage).entries) {
        if ('names' in entry) for (const [id, text] of entry.names) if (named[id] === NAMED) names.set(id, text)
      }
    }
    const missing = ids().length - names.size
    if (missing > 0) throw new StorageError('damaged', `${base}: the names of ${missing} series are unreadable`)
    return names
  }

  return {
    names() {
      const names = unasked ?? readNames()
      unasked = null
      return names
    },
    ids,
    has: id => named[id] === NAMED,
    wasDropped: id => named[id] === DROPPED,
    takeDropped() {
      const taken = Uint32Array.from(dropped)
      dropped = []
      return taken
    },
    nextId: () => nextId,
    horizons: () => horizons,
    addNames: added => add({ names: [...added] }),
    setHorizons: changed => add({ horizons: changed }),
    dropNames(gone) {
      const kept = readNames()
      for (const id of gone) kept.delete(id)
      rewrite(kept)
      for (const id of gone) {
        unasked?.delete(id)
        named[id] = DROPPED
        dropped.push(id)
      }
    },
    files: () => copies.map(file => ({ path: file.path, bytes: end })),
    close() {
      for (const file of copies) file.close()
    },
  }
}
