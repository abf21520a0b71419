// journal.db: accepted batches until every consumer has had them, and for good which numbers were accepted. Synchronous.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Lane } from '../../protocol/vocabulary.ts'
import { openDatabase, storageError } from '../stores/durable/sqlite.ts'
import { StorageError } from '../stores/durable/storage-error.ts'
import { addNumber, type NumberRanges } from './number-ranges.ts'

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

export type JournalLimits = { maxEntries: number; maxBytes: number }
export type JournalDepth = { entries: number; bytes: number }
export type JournalOrder = { kind: 'append'; batch: JournalBatch } | { kind: 'advance'; name: string; id: number }
/** `full`: the slowest consumer is too far behind; `unknown`: no such consumer or entry. Both: nothing was written. */
export type JournalOutcome = 'accepted' | 'duplicate' | 'full' | 'advanced' | 'unknown'

export type JournalFile = {
  /** All in one transaction; durable when it returns. Throws StorageError, and then nothing of it was written. */
  commit(orders: readonly JournalOrder[]): JournalOutcome[]
  read(afterId: number, limit: number, maxBytes: number): StoredBatch[]
  cursor(name: string): number
  depth(name: string): JournalDepth
  trim(): void
  /** Into an empty file: all that was committed before it resolves. Commits go on meanwhile. */
  backup(path: string): Promise<void>
  tryWrite(): void
  close(): void
}

const SCHEMA = `
  CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL, spool TEXT NOT NULL, number INTEGER NOT NULL, lane TEXT NOT NULL,
    sent_at INTEGER NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL,
    end_offset INTEGER NOT NULL
  );
  CREATE TABLE accepted (
    agent_id TEXT NOT NULL, spool TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (agent_id, spool, first)
  ) WITHOUT ROWID;
  CREATE TABLE cursor (name TEXT PRIMARY KEY, id INTEGER NOT NULL, end_offset INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (write_checks INTEGER NOT NULL);
  INSERT INTO journal VALUES (0);
`

/** A place in the journal: the entry, and how many bytes of bodies all entries up to it had together. */
type Position = { id: number; endOffset: number }
type State = { last: Position; firstHeldId: number | null; cursors: Map<string, Position> }

/** Entries that all consumers have passed before they are deleted along with the next advance. */
const TRIM_AFTER_ENTRIES = 200

/** Of a copy, between which commits have their turn: 4 MB. */
const PAGES_A_STEP = 1_000

/**
 * Each of `consumers` has a cursor from the start, so that none misses what came before it first ran; cursors of others
 * are dropped, so that a consumer that is no more holds nothing back.
 */
export function openJournalFile(directory: string, consumers: readonly string[], limits: JournalLimits): JournalFile {
  const file = join(directory, 'journal.db')
  if (consumers.length === 0) throw new StorageError('bad-input', 'a journal without a consumer would keep nothing')
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw storageError(error, file)
  }
  const database = openDatabase({ file, schema: SCHEMA, version: 1, access: 'exclusive', cacheKiB: 8 * 1024 })

  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storageError(error, file)
    }
  }

  const insertEntry = database.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const putRange = database.prepare(
    'INSERT INTO accepted VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last',
  )
  const removeRange = database.prepare('DELETE FROM accepted WHERE agent_id = ? AND spool = ? AND first = ?')
  const readRanges = database
    .prepare('SELECT first, last FROM accepted WHERE agent_id = ? AND spool = ? ORDER BY first')
    .raw()
  const putCursor = database.prepare('INSERT OR REPLACE INTO cursor VALUES (?, ?, ?)')
  const endOffsetOf = database.prepare('SELECT end_offset FROM entry WHERE id = ?').pluck()
  const deleteUpTo = database.prepare('DELETE FROM entry WHERE id <= ?')
  const readEntries = database.prepare(
    `SELECT id, agent_id AS agentId, spool, number, lane, sent_at AS sentAt, received_at AS receivedAt, body
     FROM entry WHERE id > ? ORDER BY id LIMIT ?`,
  )

  // Both change only after a commit: a transaction works on copies.
  let state = guarded(loadState)
  const accepted = new Map<string, NumberRanges>()

  function loadState(): State {
    const position = (sql: string) => database.prepare(sql).get() as Position | undefined
    const cursors = new Map(
      (
        database.prepare('SELECT name, id, end_offset AS endOffset FROM cursor').all() as (Position & {
          name: string
        })[]
      ).map(({ name, ...rest }) => [name, rest]),
    )
    const lastEntry = position('SELECT id, end_offset AS endOffset FROM entry ORDER BY id DESC LIMIT 1')
    const furthest = [...cursors.values()].sort((a, b) => b.id - a.id)[0]
    const last = lastEntry ?? furthest ?? { id: 0, endOffset: 0 }
    const start = position('SELECT id - 1 AS id, end_offset - length(body) AS endOffset FROM entry ORDER BY id LIMIT 1')
    database.transaction(() => {
      for (const name of cursors.keys()) {
        if (consumers.includes(name)) continue
        database.prepare('DELETE FROM cursor WHERE name = ?').run(name)
        cursors.delete(name)
      }
      for (const name of consumers) {
        if (cursors.has(name)) continue
        const { id, endOffset } = start ?? last
        putCursor.run(name, id, endOffset)
        cursors.set(name, { id, endOffset })
      }
    })()
    return { last, firstHeldId: start === undefined ? null : start.id + 1, cursors }
  }

  function slowest({ cursors, last }: State): Position {
    return [...cursors.values()].reduce((least, cursor) => (cursor.id < least.id ? cursor : least), last)
  }

  function append(next: State, nextAccepted: Map<string, NumberRanges>, batch: JournalBatch): JournalOutcome {
    const { agentId, spool, number, lane, sentAt, receivedAt, body } = batch
    const key = `${agentId} ${spool}`
    const known = nextAccepted.get(key) ?? accepted.get(key)
    const ranges = known ?? (readRanges.all(agentId, spool) as [number, number][])
    const added = addNumber(ranges, number)
    if (added === null) return 'duplicate'
    const behind = slowest(next)
    const isFull =
      next.last.id - behind.id >= limits.maxEntries || next.last.endOffset - behind.endOffset >= limits.maxBytes
    if (isFull) return 'full'

    const position = { id: next.last.id + 1, endOffset: next.last.endOffset + body.byteLength }
    insertEntry.run(position.id, agentId, spool, number, lane, sentAt, receivedAt, body, position.endOffset)
    for (const first of added.removed) removeRange.run(agentId, spool, first)
    putRange.run(agentId, spool, ...added.put)
    nextAccepted.set(key, added.ranges)
    next.last = position
    next.firstHeldId ??= position.id
    return 'accepted'
  }

  function advance(next: State, name: string, id: number): JournalOutcome {
    const cursor = next.cursors.get(name)
    if (cursor === undefined) return 'unknown'
    if (id <= cursor.id) return 'advanced'
    const endOffset = endOffsetOf.get(id) as number | undefined
    if (endOffset === undefined) return 'unknown'
    putCursor.run(name, id, endOffset)
    next.cursors.set(name, { id, endOffset })
    return 'advanced'
  }

  function cursorOf(name: string): Position {
    const cursor = state.cursors.get(name)
    if (cursor === undefined) throw new StorageError('bad-input', `the journal knows no consumer "${name}"`)
    return cursor
  }

  function trim(minimum: number): void {
    const upTo = slowest(state).id
    if (state.firstHeldId === null || upTo - state.firstHeldId + 1 < minimum) return
    guarded(() => deleteUpTo.run(upTo))
    state = { ...state, firstHeldId: upTo < state.last.id ? upTo + 1 : null }
  }

  return {
    commit(orders) {
      const next: State = { ...state, cursors: new Map(state.cursors) }
      const nextAccepted = new Map<string, NumberRanges>()
      const work = database.transaction(() =>
        orders.map(order =>
          order.kind === 'append' ? append(next, nextAccepted, order.batch) : advance(next, order.name, order.id),
        ),
      )
      const outcomes = guarded(() => work.immediate())
      state = next
      for (const [key, ranges] of nextAccepted) accepted.set(key, ranges)
      try {
        trim(TRIM_AFTER_ENTRIES)
      } catch {
        // The orders are committed all the same; what stays is deleted another time.
      }
      return outcomes
    },

    read(afterId, limit, maxBytes) {
      return guarded(() => {
        const found: StoredBatch[] = []
        let bytes = 0
        for (const row of readEntries.iterate(afterId, limit) as IterableIterator<StoredBatch>) {
          bytes += row.body.byteLength
          if (found.length > 0 && bytes > maxBytes) break
          found.push(row)
        }
        return found
      })
    },

    cursor: name => cursorOf(name).id,

    depth(name) {
      const { id, endOffset } = cursorOf(name)
      return { entries: state.last.id - id, bytes: state.last.endOffset - endOffset }
    },

    trim: () => trim(1),
    async backup(path) {
      try {
        await database.backup(path, { progress: () => PAGES_A_STEP })
      } catch (error) {
        throw storageError(error, path)
      }
    },
    tryWrite: () => guarded(() => void database.exec('UPDATE journal SET write_checks = write_checks + 1')),
    close: () => guarded(() => void database.close()),
  }
}
