// One week of samples in one SQLite file that needs no other: its series, its samples, the newest of each series.
import type Database from 'better-sqlite3'
import type { Aggregate } from '../../../../protocol/vocabulary.ts'
import { openDatabase, storageError } from '../../durable/sqlite.ts'
import type { BucketPart } from '../buckets.ts'

const SCHEMA = `
  CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
  CREATE TABLE sample (
    series_id INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (series_id, at)
  ) WITHOUT ROWID;
  CREATE TABLE last (series_id INTEGER PRIMARY KEY, at INTEGER NOT NULL, value REAL NOT NULL);
  CREATE TABLE tally (samples INTEGER NOT NULL);
  INSERT INTO tally VALUES (0);
`

/** What SQL gathers from one bucket, as [count, value] of a BucketPart. */
const GATHER: Record<Aggregate, string> = {
  avg: 'count(*), sum(value)',
  sum: 'count(*), sum(value)',
  count: 'count(*), 0',
  min: 'count(*), min(value)',
  max: 'count(*), max(value)',
  // SQLite takes a bare column from the row of the only max().
  last: 'count(*), value, max(at)',
}

export type NewestSample = { key: string; at: number; value: number }

export type PeriodFile = {
  begin(): void
  /** Whether the sample is new. Within a transaction. */
  insert(key: string, at: number, value: number): boolean
  /** Durable when it returns. */
  commit(): void
  /** Takes back what was inserted since `begin`; never throws. */
  rollback(): void
  newest(): NewestSample[]
  sampleCount(): number
  /** Parts by bucket number (instant / stepMs) of the samples in [from, to). */
  gather(key: string, from: number, to: number, stepMs: number, aggregate: Aggregate): [number, BucketPart][]
  samples(key: string, from: number, to: number, limit: number): [at: number, value: number][]
  close(): void
}

/** Throws StorageError. `at` and `stepMs` are whole numbers. */
export function openPeriodFile(file: string): PeriodFile {
  const database = openDatabase({ file, schema: SCHEMA, version: 1, access: 'shared', cacheKiB: 16 * 1024 })
  const prepare = <P extends unknown[]>(sql: string): Database.Statement<P> => database.prepare<P>(sql)
  const begin = prepare<[]>('BEGIN IMMEDIATE')
  const commit = prepare<[]>('COMMIT')
  const findSeries = prepare<[string]>('SELECT id FROM series WHERE key = ?').pluck()
  const addSeries = prepare<[string]>('INSERT INTO series (key) VALUES (?) RETURNING id').pluck()
  const insert = prepare<[number, number, number]>('INSERT INTO sample VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
  const setLast = prepare<[number, number, number]>(
    `INSERT INTO last VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at, value = excluded.value
     WHERE excluded.at > at`,
  )
  const addToTally = prepare<[number]>('UPDATE tally SET samples = samples + ?')
  const readTally = prepare<[]>('SELECT samples FROM tally').pluck()
  const readSamples = prepare<[number, number, number, number]>(
    'SELECT at, value FROM sample WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?',
  ).raw()
  const gatherings = new Map<Aggregate, Database.Statement<[number, number, number, number]>>()

  // Both speak of the open transaction's view; a rollback empties them, since ids given in it are void.
  const ids = new Map<string, number>()
  const newestInserted = new Map<number, { at: number; value: number }>()
  let inserted = 0

  function guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw storageError(error, file)
    }
  }

  function findId(key: string): number | undefined {
    const known = ids.get(key) ?? (findSeries.get(key) as number | undefined)
    if (known !== undefined) ids.set(key, known)
    return known
  }

  function idFor(key: string): number {
    const id = findId(key) ?? (addSeries.get(key) as number)
    ids.set(key, id)
    return id
  }

  function gathering(aggregate: Aggregate) {
    const known = gatherings.get(aggregate)
    if (known !== undefined) return known
    // A number from JavaScript arrives as REAL; without the cast the division would not be a whole one.
    const statement = prepare<[number, number, number, number]>(
      `SELECT at / CAST(? AS INTEGER) AS bucket, ${GATHER[aggregate]} FROM sample
       WHERE series_id = ? AND at >= ? AND at < ? GROUP BY bucket`,
    ).raw()
    gatherings.set(aggregate, statement)
    return statement
  }

  function settle(): void {
    newestInserted.clear()
    inserted = 0
  }

  return {
    begin: () => guarded(() => void begin.run()),

    insert: (key, at, value) =>
      guarded(() => {
        const id = idFor(key)
        if (insert.run(id, at, value).changes === 0) return false
        inserted++
        const newest = newestInserted.get(id)
        if (newest === undefined) newestInserted.set(id, { at, value })
        else if (at > newest.at) Object.assign(newest, { at, value })
        return true
      }),

    commit: () =>
      guarded(() => {
        for (const [id, { at, value }] of newestInserted) setLast.run(id, at, value)
        if (inserted > 0) addToTally.run(inserted)
        commit.run()
        settle()
      }),

    rollback() {
      settle()
      ids.clear()
      try {
        // On a full disk SQLite has rolled back by itself already.
        if (database.inTransaction) database.exec('ROLLBACK')
      } catch {
        // A transaction that cannot be rolled back is void all the same: the next `begin` says what is wrong.
      }
    },

    newest: () =>
      guarded(
        () =>
          database
            .prepare('SELECT key, at, value FROM last JOIN series ON series.id = last.series_id')
            .all() as NewestSample[],
      ),

    sampleCount: () => guarded(() => readTally.get() as number),

    gather: (key, from, to, stepMs, aggregate) =>
      guarded(() => {
        const id = findId(key)
        if (id === undefined) return []
        const rows = gathering(aggregate).all(stepMs, id, from, to) as [number, number, number][]
        return rows.map(([bucket, count, value]): [number, BucketPart] => [bucket, { count, value }])
      }),

    samples: (key, from, to, limit) =>
      guarded(() => {
        const id = findId(key)
        return id === undefined ? [] : (readSamples.all(id, from, to, limit) as [number, number][])
      }),

    close: () => guarded(() => void database.close()),
  }
}
