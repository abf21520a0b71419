// journal.db: for good which numbers were accepted, and how far each consumer was, as of the last note. What came after it
// stands in the segments. It is also the lock of the journal.
import { join } from 'node:path'
import { openDatabase, storageError } from '../stores/durable/sqlite.ts'
import type { StoredBatch } from './journal-record.ts'
import { addNumber, hasNumber, type NumberRange, type NumberRanges } from './number-ranges.ts'

/** A place in the journal: the entry, and how many bytes of bodies all entries up to it had together. */
export type Position = { id: number; endOffset: number }

/** `last`: up to here the segments have nothing to tell that is not noted. `deleted`: up to here entries are gone. */
export type IndexNote = { last: Position; deletedId: number; cursors: Map<string, Position> }

export type JournalIndex = {
  noted(): IndexNote
  has(batch: BatchNumber): boolean
  /** Counts as had from now on; written down with the next note. */
  add(batch: BatchNumber): void
  /** Takes back what was added since the last call of `keep`: it could not be written. */
  undo(): void
  keep(): void
  /** All that was kept, in one transaction. Throws StorageError, and then it is kept for the next note. */
  note(now: IndexNote): void
  tryWrite(): void
  close(): void
}

type BatchNumber = Pick<StoredBatch, 'agentId' | 'spool' | 'number'>

const VERSION = 2
const INDEX_SCHEMA = `
  CREATE TABLE accepted (
    agent_id TEXT NOT NULL, spool TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (agent_id, spool, first)
  ) WITHOUT ROWID;
  CREATE TABLE cursor (name TEXT PRIMARY KEY, id INTEGER NOT NULL, end_offset INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (write_checks INTEGER NOT NULL);
  INSERT INTO journal VALUES (0);
`
const NOTED_SCHEMA = `
  CREATE TABLE noted (last_id INTEGER NOT NULL, end_offset INTEGER NOT NULL, deleted_id INTEGER NOT NULL);
`

/** Rows of one spool that are to be changed. */
type Unnoted = { agentId: string; spool: string; put: Map<number, number>; removed: Set<number> }

/**
 * `takeOver` gets the entries of a journal of format 1, which had them in this file; they must be on the disk when it
 * returns. It may get them again at the next start.
 */
export function openJournalIndex(
  directory: string,
  takeOver: (entries: Iterable<{ batch: StoredBatch; endOffset: number }>) => void,
): JournalIndex {
  const file = join(directory, 'journal.db')
  const database = openDatabase({
    ...{ file, schema: `${INDEX_SCHEMA}${NOTED_SCHEMA} INSERT INTO noted VALUES (0, 0, 0)`, version: VERSION },
    ...{ access: 'exclusive', cacheKiB: 4 * 1024, upgrade: { from: 1, run: database => upgrade(database, takeOver) } },
  })

  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storageError(error, file)
    }
  }

  const putRange = database.prepare(
    'INSERT INTO accepted VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last',
  )
  const removeRange = database.prepare('DELETE FROM accepted WHERE agent_id = ? AND spool = ? AND first = ?')
  const readRanges = database
    .prepare('SELECT first, last FROM accepted WHERE agent_id = ? AND spool = ? ORDER BY first')
    .raw()
  const putCursor = database.prepare('INSERT INTO cursor VALUES (?, ?, ?)')
  const putNoted = database.prepare('UPDATE noted SET last_id = ?, end_offset = ?, deleted_id = ?')

  const accepted = new Map<string, NumberRanges>()
  /** What `undo` brings back. */
  const before = new Map<string, NumberRanges>()
  const adding: { key: string; agentId: string; spool: string; put: NumberRange; removed: number[] }[] = []
  const unnoted = new Map<string, Unnoted>()

  function rangesOf(batch: BatchNumber): NumberRanges {
    const key = keyOf(batch)
    const known = accepted.get(key)
    if (known !== undefined) return known
    const ranges = guarded(() => readRanges.all(batch.agentId, batch.spool) as [number, number][])
    accepted.set(key, ranges)
    return ranges
  }

  return {
    noted: () =>
      guarded(() => {
        const [row] = database.prepare('SELECT last_id, end_offset, deleted_id FROM noted').all() as {
          last_id: number
          end_offset: number
          deleted_id: number
        }[]
        const cursors = database.prepare('SELECT name, id, end_offset AS endOffset FROM cursor').all() as (Position & {
          name: string
        })[]
        return {
          last: { id: row?.last_id ?? 0, endOffset: row?.end_offset ?? 0 },
          deletedId: row?.deleted_id ?? 0,
          cursors: new Map(cursors.map(({ name, ...position }) => [name, position])),
        }
      }),

    has: batch => hasNumber(rangesOf(batch), batch.number),

    add(batch) {
      const { agentId, spool, number } = batch
      const ranges = rangesOf(batch)
      const added = addNumber(ranges, number)
      if (added === null) return
      const key = keyOf(batch)
      if (!before.has(key)) before.set(key, ranges)
      accepted.set(key, added.ranges)
      adding.push({ key, agentId, spool, put: added.put, removed: added.removed })
    },

    undo() {
      for (const [key, ranges] of before) accepted.set(key, ranges)
      before.clear()
      adding.length = 0
    },

    keep() {
      for (const { key, agentId, spool, put, removed } of adding) {
        const waiting = unnoted.get(key) ?? {
          agentId,
          spool,
          put: new Map<number, number>(),
          removed: new Set<number>(),
        }
        unnoted.set(key, waiting)
        for (const first of removed) {
          waiting.put.delete(first)
          waiting.removed.add(first)
        }
        waiting.put.set(...put)
      }
      before.clear()
      adding.length = 0
    },

    note({ last, deletedId, cursors }) {
      guarded(() =>
        database.transaction(() => {
          for (const { agentId, spool, put, removed } of unnoted.values()) {
            for (const first of removed) removeRange.run(agentId, spool, first)
            for (const [first, to] of put) putRange.run(agentId, spool, first, to)
          }
          database.exec('DELETE FROM cursor')
          for (const [name, { id, endOffset }] of cursors) putCursor.run(name, id, endOffset)
          putNoted.run(last.id, last.endOffset, deletedId)
        })(),
      )
      unnoted.clear()
    },

    tryWrite: () => guarded(() => void database.exec('UPDATE journal SET write_checks = write_checks + 1')),
    close: () => guarded(() => void database.close()),
  }
}

function keyOf({ agentId, spool }: BatchNumber): string {
  return `${agentId} ${spool}`
}

type EntryRow = Omit<StoredBatch, 'body'> & { body: Buffer; endOffset: number }

function upgrade(
  database: ReturnType<typeof openDatabase>,
  takeOver: (entries: Iterable<{ batch: StoredBatch; endOffset: number }>) => void,
): void {
  const rows = database.prepare(
    `SELECT id, agent_id AS agentId, spool, number, lane, sent_at AS sentAt, received_at AS receivedAt, body,
       end_offset AS endOffset FROM entry ORDER BY id`,
  )
  takeOver(entriesOf(rows.iterate() as IterableIterator<EntryRow>))
  database.exec(`
    BEGIN;
    ${NOTED_SCHEMA}
    INSERT INTO noted SELECT
      max((SELECT coalesce(max(id), 0) FROM entry), (SELECT coalesce(max(id), 0) FROM cursor)),
      max((SELECT coalesce(max(end_offset), 0) FROM entry), (SELECT coalesce(max(end_offset), 0) FROM cursor)),
      coalesce((SELECT min(id) - 1 FROM entry), (SELECT coalesce(max(id), 0) FROM cursor));
    DROP TABLE entry;
    PRAGMA user_version = ${VERSION};
    COMMIT;
  `)
  try {
    database.exec('VACUUM')
  } catch {
    // On a disk without space for it the file stays as large as it was, and its pages are used again.
  }
}

function* entriesOf(rows: Iterable<EntryRow>): Generator<{ batch: StoredBatch; endOffset: number }> {
  for (const { endOffset, ...batch } of rows) yield { batch, endOffset }
}
