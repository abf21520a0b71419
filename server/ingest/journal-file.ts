// The journal on disk: accepted batches in segments until every consumer has had them, and for good an index of which
// numbers were accepted. Synchronous.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storageError } from '../stores/durable/sqlite.ts'
import { StorageError } from '../stores/durable/storage-error.ts'
import { createDamageList, type Damage } from '../stores/series/embedded/damage.ts'
import { type IndexNote, JOURNAL_INDEX, openJournalIndex, type Position } from './journal-index.ts'
import type { JournalBatch, JournalRecord, StoredBatch } from './journal-record.ts'
import { beginSegment, listSegments, SEGMENTS, type Segment, scanSegment } from './journal-segment.ts'

export type JournalLimits = { maxEntries: number; maxBytes: number }
export type JournalDepth = { entries: number; bytes: number }
export type JournalOrder = { kind: 'append'; batch: JournalBatch } | { kind: 'advance'; name: string; id: number }
/** `full`: the slowest consumer is too far behind; `unknown`: no such consumer or entry. Both: nothing was written. */
export type JournalOutcome = { kind: 'accepted'; id: number } | { kind: 'duplicate' | 'full' | 'advanced' | 'unknown' }

export type JournalFile = {
  /** All at once; durable when it returns. Throws StorageError, and then nothing of it was written. */
  commit(orders: readonly JournalOrder[]): JournalOutcome[]
  read(afterId: number, limit: number, maxBytes: number): StoredBatch[]
  cursor(name: string): number
  depth(name: string): JournalDepth
  trim(): void
  /** Into this folder, as a start reads it: all that was committed before the call. Commits go on meanwhile. */
  backup(target: string): Promise<void>
  tryWrite(): void
  /** What was found broken in the segments, each place once. */
  damages(): Damage[]
  close(): void
}

/** Entries that all consumers have passed before they are left out along with the next advance. */
const TRIM_AFTER_ENTRIES = 200
/** A segment is deleted whole, and read whole by the next start. */
const SEGMENT_BYTES = 16 * 1024 * 1024

/**
 * Each of `consumers` has a cursor from the start, so that none misses what came before it first ran; cursors of others
 * are dropped, so that a consumer that is no more holds nothing back.
 */
export function openJournalFile(
  directory: string,
  consumers: readonly string[],
  limits: JournalLimits,
  segmentBytes = SEGMENT_BYTES,
): JournalFile {
  if (consumers.length === 0) throw new StorageError('bad-input', 'a journal without a consumer would keep nothing')
  const place = join(directory, SEGMENTS)
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw storageError(error, place)
  }
  const damages = createDamageList()
  const index = openJournalIndex(directory, takeOver)
  /** Oldest first. */
  let segments: Segment[] = []
  /** The newest one, once something was written since the start: the end of an older one may be torn. */
  let active: Segment | null = null
  /** Copies that are being made: no segment is deleted under them. */
  let copying = 0
  /** Segments that the index knows all of. */
  const noted = new Set<Segment>()
  let state: IndexNote
  try {
    state = load()
  } catch (error) {
    index.close()
    throw error
  }
  tidy()

  /** Entries of an earlier format, each start anew until all of them stand here. */
  function takeOver(entries: Iterable<{ batch: StoredBatch; endOffset: number }>): void {
    for (const firstId of listSegments(place)) beginSegment(place, firstId, damages).remove()
    let records: JournalRecord[] = []
    let bytes = 0
    const write = (): void => {
      const [first] = records
      if (first?.kind !== 'batch') return
      const segment = beginSegment(place, first.batch.id, damages)
      segment.append(records)
      segment.close()
      records = []
      bytes = 0
    }
    for (const { batch, endOffset } of entries) {
      records.push({ kind: 'batch', batch, endOffset })
      bytes += batch.body.byteLength
      if (bytes >= segmentBytes) write()
    }
    write()
  }

  function load(): IndexNote {
    const { cursors, ...known } = index.noted()
    let { last } = known
    const found = (record: JournalRecord) => {
      if (record.kind === 'advance') {
        const { name, id, endOffset } = record
        if (id > (cursors.get(name)?.id ?? Number.POSITIVE_INFINITY)) cursors.set(name, { id, endOffset })
      } else if (record.batch.id > last.id) {
        index.add(record.batch)
        last = { id: record.batch.id, endOffset: record.endOffset }
      }
    }
    const firstIds = listSegments(place)
    for (const [at, firstId] of firstIds.entries()) {
      const nextFirstId = firstIds[at + 1] ?? Number.POSITIVE_INFINITY
      segments.push(scanSegment({ directory: place, firstId, nextFirstId, damages }, found))
    }
    index.keep()

    for (const name of [...cursors.keys()]) if (!consumers.includes(name)) cursors.delete(name)
    const [oldest] = readAfter(known.deletedId, 1, 1)
    const start =
      oldest === undefined
        ? last
        : { id: oldest.id - 1, endOffset: (endOffsetOf(oldest.id) ?? 0) - oldest.body.byteLength }
    for (const name of consumers) if (!cursors.has(name)) cursors.set(name, start)
    return { last, deletedId: known.deletedId, cursors }
  }

  function readAfter(afterId: number, limit: number, maxBytes: number): StoredBatch[] {
    const found: StoredBatch[] = []
    let bytes = 0
    for (const segment of segments) {
      if (segment.lastId() <= afterId) continue
      if (found.length > 0 && (found.length >= limit || bytes >= maxBytes)) break
      const more = segment.read(afterId, limit - found.length, maxBytes - bytes)
      // Over a border between two, too, no more than was asked for.
      for (const one of more) {
        bytes += one.body.byteLength
        if (found.length > 0 && bytes > maxBytes) return found
        found.push(one)
      }
    }
    return found
  }

  function endOffsetOf(id: number): number | null {
    for (const segment of segments) if (id <= segment.lastId()) return segment.endOffsetOf(id)
    return null
  }

  function slowest({ cursors, last }: IndexNote): Position {
    return [...cursors.values()].reduce((least, cursor) => (cursor.id < least.id ? cursor : least), last)
  }

  function append(next: IndexNote, records: JournalRecord[], batch: JournalBatch): JournalOutcome {
    if (index.has(batch)) return { kind: 'duplicate' }
    const behind = slowest(next)
    const isFull =
      next.last.id - behind.id >= limits.maxEntries || next.last.endOffset - behind.endOffset >= limits.maxBytes
    if (isFull) return { kind: 'full' }
    index.add(batch)
    next.last = { id: next.last.id + 1, endOffset: next.last.endOffset + batch.body.byteLength }
    records.push({ kind: 'batch', batch: { ...batch, id: next.last.id }, endOffset: next.last.endOffset })
    return { kind: 'accepted', id: next.last.id }
  }

  function advance(next: IndexNote, records: JournalRecord[], name: string, id: number): JournalOutcome {
    const cursor = next.cursors.get(name)
    if (cursor === undefined) return { kind: 'unknown' }
    if (id <= cursor.id) return { kind: 'advanced' }
    const endOffset = endOffsetOf(id)
    if (endOffset === null) return { kind: 'unknown' }
    next.cursors.set(name, { id, endOffset })
    records.push({ kind: 'advance', name, id, endOffset })
    return { kind: 'advanced' }
  }

  function write(records: readonly JournalRecord[]): void {
    if (records.length === 0) return
    const segment = active ?? begin()
    try {
      segment.append(records)
    } catch (error) {
      // Whatever the disk kept of it stands at the end of a segment that nothing is written to any more.
      active = null
      throw error
    }
    active = segment
    if (segment.bytes() >= segmentBytes) active = null
  }

  function begin(): Segment {
    const firstId = state.last.id + 1
    const same = segments.find(segment => segment.firstId === firstId)
    if (same !== undefined) {
      // It holds no entry, but what it tells of cursors counts until the index knows it.
      note()
      same.remove()
      noted.delete(same)
      segments = segments.filter(segment => segment !== same)
    }
    const begun = beginSegment(place, firstId, damages)
    segments.push(begun)
    return begun
  }

  function note(): void {
    index.note(state)
    for (const segment of segments) if (segment !== active) noted.add(segment)
  }

  /** What it can't do now it does the next time: the segments hold all of it. */
  function tidy(): void {
    try {
      note()
      removePassed()
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
  }

  function removePassed(): void {
    const upTo = slowest(state).id
    if (copying > 0) return
    for (let oldest = segments[0]; oldest !== undefined; oldest = segments[0]) {
      if (oldest === active || !noted.has(oldest) || oldest.lastId() > upTo) return
      segments.shift()
      noted.delete(oldest)
      oldest.remove()
    }
  }

  function cursorOf(name: string): Position {
    const cursor = state.cursors.get(name)
    if (cursor === undefined) throw new StorageError('bad-input', `the journal knows no consumer "${name}"`)
    return cursor
  }

  return {
    commit(orders) {
      const next: IndexNote = { ...state, cursors: new Map(state.cursors) }
      const records: JournalRecord[] = []
      let outcomes: JournalOutcome[]
      try {
        outcomes = orders.map(order =>
          order.kind === 'append' ? append(next, records, order.batch) : advance(next, records, order.name, order.id),
        )
        write(records)
      } catch (error) {
        index.undo()
        throw error
      }
      index.keep()
      const upTo = slowest(next).id
      state = upTo - next.deletedId < TRIM_AFTER_ENTRIES ? next : { ...next, deletedId: upTo }
      if (segments.some(segment => segment !== active && segment.lastId() <= upTo)) tidy()
      return outcomes
    },

    read: (afterId, limit, maxBytes) => readAfter(Math.max(afterId, state.deletedId), limit, maxBytes),
    cursor: name => cursorOf(name).id,

    depth(name) {
      const { id, endOffset } = cursorOf(name)
      return { entries: state.last.id - id, bytes: state.last.endOffset - endOffset }
    },

    trim() {
      const upTo = slowest(state).id
      state = { ...state, deletedId: Math.max(state.deletedId, upTo) }
      if (active !== null && active.lastId() <= upTo) active = null
      tidy()
    },

    async backup(target) {
      copying++
      try {
        await index.copyTo(join(target, JOURNAL_INDEX))
        // After their index: what they have more of, a start on the copy reads from them, as after a crash. Nothing is
        // written to any of them from here on.
        active = null
        for (const segment of segments.filter(one => one.lastId() >= one.firstId)) {
          await segment.copyTo(join(target, SEGMENTS))
        }
      } finally {
        copying--
      }
    },

    tryWrite: () => index.tryWrite(),
    damages: () => damages.list(),

    close() {
      active = null
      tidy()
      for (const segment of segments) segment.close()
      index.close()
    },
  }
}
