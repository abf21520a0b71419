// A directory that the first format wrote: SQLite files of a week, a row a sample.
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { seriesKeyText } from '../../../server/stores/series/series-key.ts'
import { DAY_MS, entry, seriesKey, temporaryDirectory, WEDNESDAY } from './support.ts'
import { openTestEngine } from './test-engine.ts'

const { subjectId, metric } = seriesKey()
const everything = { subjectId, metric, from: 0, to: WEDNESDAY + DAY_MS }

/** As the first format's code wrote it. */
function writeWeek(file: string, samples: [key: string, at: number, value: number][]): void {
  const database = new Database(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
    CREATE TABLE sample (
      series_id INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
      PRIMARY KEY (series_id, at)
    ) WITHOUT ROWID;
    CREATE TABLE last (series_id INTEGER PRIMARY KEY, at INTEGER NOT NULL, value REAL NOT NULL);
    CREATE TABLE tally (samples INTEGER NOT NULL);
    INSERT INTO tally VALUES (0);
    PRAGMA user_version = 1;
  `)
  const insert = database.prepare('INSERT INTO sample VALUES ((SELECT id FROM series WHERE key = ?), ?, ?)')
  database.transaction(() => {
    for (const [key, at, value] of samples) {
      database.prepare('INSERT OR IGNORE INTO series (key) VALUES (?)').run(key)
      insert.run(key, at, value)
    }
  })()
  database.close()
}

function writeStoreFile(file: string, horizon: number): void {
  const database = new Database(file)
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE store (horizon INTEGER NOT NULL, write_checks INTEGER NOT NULL);
    INSERT INTO store VALUES (${horizon}, 3);
    PRAGMA user_version = 1;
  `)
  database.close()
}

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())
const inside = (name: string) => join(directory.path, name)
const text = seriesKeyText(seriesKey())
const other = seriesKeyText(seriesKey({ labels: { mountpoint: '/srv' } }))

it('is taken over when it is opened, and lives on', async () => {
  writeStoreFile(inside('series.db'), WEDNESDAY - 20 * DAY_MS)
  writeWeek(inside('series-2026-W44.db'), [
    [text, WEDNESDAY - 21 * DAY_MS, 0],
    [text, WEDNESDAY - 19 * DAY_MS, 1.5],
  ])
  const many = Array.from({ length: 45_000 }, (_, index): [string, number, number] => [
    index % 2 === 0 ? text : other,
    WEDNESDAY - DAY_MS + index,
    index / 8,
  ])
  writeWeek(inside('series-2026-W47.db'), many)
  for (let opening = 0; opening < 2; opening++) {
    const { front, appendAtOnce, check, close } = openTestEngine({ directory: directory.path })
    expect(check()).toEqual({ ok: true, problems: [] })
    const series = await front.raw(everything)
    expect(series.map(({ key }) => key.labels)).toEqual([{}, { mountpoint: '/srv' }])
    expect(series[0]?.samples).toHaveLength(22_501 + opening)
    expect(series[0]?.samples[0]).toEqual([WEDNESDAY - 19 * DAY_MS, 1.5])
    expect(series[1]?.samples.at(-1)).toEqual(many.at(-1)?.slice(1))
    expect(appendAtOnce([[entry([[WEDNESDAY - DAY_MS, 77]])]], WEDNESDAY)).toMatchObject([{ duplicates: 1 }])
    expect(appendAtOnce([[entry([[WEDNESDAY + opening, 8]])]], WEDNESDAY)).toMatchObject([{ stored: 1 }])
    close()
    expect(readdirSync(directory.path).filter(name => name.startsWith('series-'))).toEqual([])
  }
})

it('that is broken in one week is taken over without that week, which stays where it is and is named', async () => {
  writeStoreFile(inside('series.db'), 0)
  writeWeek(inside('series-2026-W47.db'), [[text, WEDNESDAY, 2]])
  writeFileSync(inside('series-2026-W46.db'), Buffer.alloc(20_000, 'x'))
  const { front, check, close } = openTestEngine({ directory: directory.path })
  expect((await front.raw(everything))[0]?.samples).toEqual([[WEDNESDAY, 2]])
  expect(check()).toMatchObject({
    ok: false,
    problems: [{ code: 'damaged', message: expect.stringContaining('series-2026-W46.db') }],
  })
  close()
  expect(readdirSync(directory.path)).toContain('series-2026-W46.db')
})
