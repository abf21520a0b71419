// The journal's files after a crash at any byte, after the disk changed them, and as an earlier version left them.
import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type JournalFile, openJournalFile } from '../../../server/ingest/journal-file.ts'
import type { JournalBatch } from '../../../server/ingest/journal-record.ts'
import { temporaryDirectory } from '../../contract/series-store/support.ts'
import { journalBatch, journalPlace } from './support.ts'

const LIMITS = { maxEntries: 1000, maxBytes: 1e9 }
/** Of an open journal, as a power cut would leave it. */
function copyOf(path: string): ReturnType<typeof temporaryDirectory> & { segments: string[] } {
  const copy = temporaryDirectory()
  cpSync(path, copy.path, { recursive: true })
  const segments = readdirSync(join(copy.path, 'journal')).sort()
  return { ...copy, segments: segments.map(name => join(copy.path, 'journal', name)) }
}
const append = (batch: JournalBatch) => ({ kind: 'append', batch }) as const
const numbersOf = (journal: JournalFile) => journal.read(0, 1000, 1e9).map(({ number }) => number)

describe('the files of the journal', () => {
  let place: ReturnType<typeof journalPlace>
  beforeEach(() => {
    place = journalPlace((path, segmentBytes) => openJournalFile(path, ['series', 'state'], LIMITS, segmentBytes))
  })
  afterEach(() => place.remove())

  /** Six batches in three groups, and a cursor on the second one. */
  function written(): Buffer {
    const journal = place.openAt(place.path)
    for (const group of [[1, 2], [3, 4, 5], [6]]) journal.commit(group.map(number => append(journalBatch(number))))
    journal.commit([{ kind: 'advance', name: 'series', id: 2 }])
    const [name = ''] = readdirSync(join(place.path, 'journal'))
    return readFileSync(join(place.path, 'journal', name))
  }

  it('cut off at any byte hold every batch that lies before it, and go on with new ones', () => {
    const bytes = written()
    const ends = [1, 2, 3, 4, 5, 6].map(number => {
      const text = journalBatch(number).body
      return bytes.lastIndexOf(text) + text.byteLength
    })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.byteLength }), cut => {
        const copy = copyOf(place.path)
        try {
          truncateSync(copy.segments[0] ?? '', cut)
          let journal = openJournalFile(copy.path, ['series', 'state'], LIMITS)
          const whole = ends.flatMap((end, index) => (end <= cut ? [index + 1] : []))
          expect(numbersOf(journal)).toEqual(whole)
          expect(journal.damages()).toEqual([])
          const outcomes = journal.commit([6, 7].map(number => append(journalBatch(number))))
          const isThere = whole.includes(6)
          expect(outcomes.map(({ kind }) => kind)).toEqual([isThere ? 'duplicate' : 'accepted', 'accepted'])
          journal.close()
          journal = openJournalFile(copy.path, ['series', 'state'], LIMITS)
          expect(numbersOf(journal)).toEqual([...new Set([...whole, 6, 7])])
          journal.close()
        } finally {
          copy.remove()
        }
      }),
      { numRuns: 25 },
    )
  })

  it('lose nothing to one flipped bit anywhere, and name it', () => {
    const bytes = written()
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.byteLength * 8 - 1 }), bit => {
        const copy = copyOf(place.path)
        try {
          const flipped = Buffer.from(bytes)
          flipped[bit >>> 3] = (flipped[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
          writeFileSync(copy.segments[0] ?? '', flipped)
          const journal = openJournalFile(copy.path, ['series', 'state'], LIMITS)
          const found = journal.read(0, 1000, 1e9)
          expect(found).toEqual([1, 2, 3, 4, 5, 6].map(number => ({ ...journalBatch(number), id: number })))
          expect(journal.cursor('series')).toBe(2)
          expect(journal.damages()).toMatchObject([{ code: 'damaged' }])
          journal.close()
        } finally {
          copy.remove()
        }
      }),
      { numRuns: 25 },
    )
  })

  it('lose only what is broken beyond that, name the place, and start', () => {
    const bytes = written()
    const broken = journalBatch(3).body
    const at = bytes.indexOf(broken)
    const copy = copyOf(place.path)
    try {
      writeFileSync(copy.segments[0] ?? '', Buffer.from(bytes).fill('?', at + 3, at + 9))
      const journal = place.openAt(copy.path)
      expect(numbersOf(journal)).toEqual([1, 2, 4, 5, 6])
      expect(journal.damages()).toEqual([
        { code: 'damaged', message: expect.stringMatching(/\.segment at \d+: \d+ bytes are broken, .* lost$/) },
      ])
      // Its number is accepted anew: it is not there.
      expect(journal.commit([3, 4].map(number => append(journalBatch(number)))).map(({ kind }) => kind)).toEqual([
        'accepted',
        'duplicate',
      ])
      // A broken header costs no more.
      const header = bytes.lastIndexOf('PNJR', at)
      writeFileSync(copy.segments[0] ?? '', Buffer.from(bytes).fill('?', header, header + 8))
      const other = copyOf(copy.path)
      expect(numbersOf(place.openAt(other.path))).toEqual([1, 2, 4, 5, 6, 3])
      other.remove()
    } finally {
      copy.remove()
    }
  })

  it('that broke while the journal is open cost what is in them and nothing behind', () => {
    const bytes = written()
    const [journal] = place.opened
    const name = readdirSync(join(place.path, 'journal'))[0] ?? ''
    const at = bytes.indexOf(journalBatch(2).body)
    writeFileSync(join(place.path, 'journal', name), Buffer.from(bytes).fill('?', at, at + 9))
    expect(journal === undefined ? [] : numbersOf(journal)).toEqual([1, 3, 4, 5, 6])
    expect(journal?.read(1, 1, 1e9).map(({ number }) => number)).toEqual([3])
    expect(journal?.damages()).toHaveLength(1)
  })

  it('are deleted when all have had what is in them, and numbers are known all the same', () => {
    const journal = place.openAt(place.path, 500)
    const files = () => readdirSync(join(place.path, 'journal'))
    for (let number = 1; number <= 20; number++) journal.commit([append(journalBatch(number))])
    expect(files().length).toBeGreaterThan(3)
    journal.commit(['series', 'state'].map(name => ({ kind: 'advance', name, id: 19 }) as const))
    journal.commit([append(journalBatch(21))])
    expect(files().length).toBeLessThanOrEqual(2)
    const copy = copyOf(place.path)
    const again = place.openAt(copy.path)
    expect(again.commit([append(journalBatch(1)), append(journalBatch(22))])).toEqual([
      { kind: 'duplicate' },
      { kind: 'accepted', id: 22 },
    ])
    again.commit(['series', 'state'].map(name => ({ kind: 'advance', name, id: 22 }) as const))
    again.trim()
    expect(readdirSync(join(copy.path, 'journal'))).toEqual([])
    expect(again.commit([append(journalBatch(23))])).toEqual([{ kind: 'accepted', id: 23 }])
    copy.remove()
  })

  it('of the first format are taken over: entries, numbers and cursors', () => {
    const old = new Database(join(place.path, 'journal.db'))
    old.exec(`
      PRAGMA journal_mode = WAL;
      CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, agent_id TEXT NOT NULL, spool TEXT NOT NULL,
        number INTEGER NOT NULL, lane TEXT NOT NULL, sent_at INTEGER NOT NULL, received_at INTEGER NOT NULL,
        body BLOB NOT NULL, end_offset INTEGER NOT NULL);
      CREATE TABLE accepted (agent_id TEXT NOT NULL, spool TEXT NOT NULL, first INTEGER NOT NULL,
        last INTEGER NOT NULL, PRIMARY KEY (agent_id, spool, first)) WITHOUT ROWID;
      CREATE TABLE cursor (name TEXT PRIMARY KEY, id INTEGER NOT NULL, end_offset INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE journal (write_checks INTEGER NOT NULL);
      INSERT INTO journal VALUES (0);
      PRAGMA user_version = 1;
    `)
    const insert = old.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    let endOffset = 5_000
    for (const number of [41, 42, 43]) {
      const { agentId, spool, lane, sentAt, receivedAt, body } = journalBatch(number)
      endOffset += body.byteLength
      insert.run(number - 1, agentId, spool, number, lane, sentAt, receivedAt, body, endOffset)
    }
    const { agentId, spool, body } = journalBatch(41)
    old.prepare('INSERT INTO accepted VALUES (?, ?, 1, 43)').run(agentId, spool)
    const putCursor = old.prepare('INSERT INTO cursor VALUES (?, ?, ?)')
    putCursor.run('series', 40, 5_000 + body.byteLength)
    putCursor.run('state', 39, 5_000)
    old.close()

    let journal = place.openAt(place.path)
    for (const start of ['first', 'second']) {
      expect(journal.read(0, 10, 1e9), start).toEqual(
        [41, 42, 43].map(number => ({ ...journalBatch(number), id: number - 1 })),
      )
      expect(journal.cursor('series')).toBe(40)
      expect(journal.depth('state')).toEqual({ entries: 3, bytes: endOffset - 5_000 })
      expect(journal.commit([7, 43].map(number => append(journalBatch(number)))).map(({ kind }) => kind)).toEqual([
        'duplicate',
        'duplicate',
      ])
      journal.close()
      place.opened.length = 0
      journal = place.openAt(place.path)
    }
    expect(journal.commit([append(journalBatch(44))])).toEqual([{ kind: 'accepted', id: 43 }])
  })
})
