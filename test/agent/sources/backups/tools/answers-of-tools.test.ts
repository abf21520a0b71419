// Whatever a tool answers, a look has either copies or a trouble, and never takes for good what it could not read.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArchives } from '../../../../../agent/sources/backups/borg/archives.ts'
import { complaintIn } from '../../../../../agent/sources/backups/borg/borg-program.ts'
import { parseEnvironment } from '../../../../../agent/sources/backups/credentials.ts'
import { createLines } from '../../../../../agent/sources/backups/lines.ts'
import { SIGNS } from '../../../../../agent/sources/backups/pgbackrest/pgbackrest-program.ts'
import { readStanza } from '../../../../../agent/sources/backups/pgbackrest/stanza.ts'
import { type GuestCopy, lookAtGuests } from '../../../../../agent/sources/backups/proxmox/guest-copies.ts'
import { parseSnapshots } from '../../../../../agent/sources/backups/restic/snapshots.ts'
import { partLengths } from '../../../../../agent/sources/backups/s3/etag.ts'
import { parsePage } from '../../../../../agent/sources/backups/s3/object-list.ts'
import { bytesOf, createSample } from '../../../../../agent/sources/backups/sample.ts'

const snapshot = { id: 'd2bd3761', time: '2026-11-22T09:21:33.837172714Z', paths: ['/srv'], hostname: 'simduk' }
const stanza = {
  name: 'kota',
  cipher: 'none',
  status: { code: 0, message: 'ok' },
  repo: [{ key: 1, status: { code: 0, message: 'ok' } }],
  db: [{ id: 1, 'repo-key': 1, version: '15' }],
  archive: [
    {
      id: '15-1',
      min: '000000010000000000000001',
      max: '000000010000000000000004',
      database: { id: 1, 'repo-key': 1 },
    },
  ],
  backup: [
    {
      ...{ label: '20261122-092543F', error: false, database: { id: 1, 'repo-key': 1 }, info: { size: 30_546_107 } },
      ...{ timestamp: { start: 1_795_339_543, stop: 1_795_339_551 } },
      archive: { start: '000000010000000000000002', stop: '000000010000000000000003' },
    },
  ],
}
const info = (change: object): string => JSON.stringify([{ ...stanza, ...change }])

describe('answers of tools', () => {
  it('are read whole or not at all', () => {
    const page = `<ListBucketResult><Contents><Key>a</Key><LastModified>2026-11-22T09:21:33.000Z</LastModified><Size>1</Size></Contents><IsTruncated>false</IsTruncated></ListBucketResult>`
    const answers: [string, (text: string) => unknown][] = [
      [JSON.stringify([snapshot]), parseSnapshots],
      [JSON.stringify({ archives: [] }), parseArchives],
      [page, parsePage],
    ]
    for (const [whole, parse] of answers) {
      expect(parse(whole)).toBeDefined()
      for (let length = 0; length < whole.length; length += 1) expect(parse(whole.slice(0, length))).toBeUndefined()
    }
    for (let length = 0; length < info({}).length; length += 1)
      expect(readStanza(info({}).slice(0, length), 'kota', SIGNS).trouble).toBe('answer-unreadable')
  })

  it('that are nonsense never throw and never are good', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), text => {
        // An empty list is a list: that it has nothing is told by who asked for it.
        if (text.trim() !== '[]' && text.trim() !== 'null') expect(parseSnapshots(text)).toBeUndefined()
        expect(parseArchives(text)).toBeUndefined()
        expect(parsePage(text)).toBeUndefined()
        expect(readStanza(text, 'kota', SIGNS).trouble).not.toBeNull()
        complaintIn(text)
      }),
    )
  })

  it('of restic 0.17 and later have sizes and durations with each snapshot', () => {
    const summary = {
      ...{ backup_start: '2026-11-22T09:21:33Z', backup_end: '2026-11-22T09:22:03.5Z' },
      total_bytes_processed: 800_000,
    }
    expect(parseSnapshots(JSON.stringify([{ ...snapshot, summary }]))).toMatchObject([
      { bytes: 800_000, tookMs: 30_500 },
    ])
  })

  it('of pgBackRest that end well may say that all is lost', () => {
    const status = (code: number, message: string) => ({
      status: { code, message },
      repo: [{ key: 1, status: { code, message } }],
    })
    const told: [object, string | null][] = [
      [{}, null],
      [status(1, 'missing stanza path'), 'repository-missing'],
      [status(2, 'no valid backups'), 'nothing-there'],
      [status(5, 'database mismatch across repos'), 'content-wrong'],
      [status(99, '[CryptoError] unable to flush'), 'damaged'],
      [{ ...status(99, '[CryptoError] unable to flush'), cipher: 'aes-256-cbc' }, 'wrong-password'],
      [status(99, '[PathOpenError] unable to list: [13] Permission denied'), 'permission-denied'],
      [{ status: undefined }, 'answer-unreadable'],
      [{ backup: [] }, 'nothing-there'],
    ]
    const deciphered = 'FormatError: key/value found outside of section at line 1: X\u0001Y\u0002'
    const raw = info(status(99, deciphered)).replaceAll('\\u0001', '\u0001').replaceAll('\\u0002', '\u0002')
    expect(readStanza(raw.replace('"none"', '"aes-256-cbc"'), 'kota', SIGNS).trouble).toBe('wrong-password')
    for (const [change, trouble] of told) expect(readStanza(info(change), 'kota', SIGNS).trouble).toBe(trouble)
  })

  it('of pgBackRest tell of pages that were broken when they were read, and of WAL that is gone', () => {
    const troubleOf = (change: object) => {
      const found = readStanza(info(change), 'kota', SIGNS)
      return found.trouble === null ? found.backups.map(({ trouble }) => trouble) : found.trouble
    }
    expect(troubleOf({})).toEqual([null])
    expect(troubleOf({ backup: [{ ...stanza.backup[0], error: true }] })).toEqual(['damaged'])
    expect(troubleOf({ archive: [] })).toEqual(['incomplete'])
    expect(troubleOf({ archive: [{ ...stanza.archive[0], min: '000000010000000000000003' }] })).toEqual(['incomplete'])
    expect(troubleOf({ archive: [{ ...stanza.archive[0], max: '000000010000000000000002' }] })).toEqual(['incomplete'])
    expect(troubleOf({ archive: [{ ...stanza.archive[0], max: '00000002000000000000000A' }] })).toEqual([null])
  })
})

describe('a data set on several guests', () => {
  const copy = fc.record({
    takenAt: fc.integer({ min: 1, max: 1_000 }),
    bytes: fc.integer({ min: 0, max: 100 }),
    trouble: fc.constantFrom(null, null, null, 'damaged' as const),
  })
  const guest = fc.array(copy, { minLength: 1, maxLength: 5 })
  const asCopies = (
    list: readonly { takenAt: number; bytes: number; trouble: null | 'damaged' }[],
    of: number,
  ): GuestCopy[] => list.map((one, i) => ({ ...one, id: `${of}-${i}`, tookMs: null, verifiedAt: null }))

  it('has a good copy only as old as that of the guest that waits longest', () => {
    fc.assert(
      fc.property(fc.array(guest, { minLength: 2, maxLength: 4 }), lists => {
        const guests = new Map(lists.map((list, of) => [String(of), asCopies(list, of)]))
        const found = lookAtGuests(guests, [])
        const good = found.trouble === null ? found.copies.filter(({ trouble }) => trouble === null) : []
        const newestOfEach = lists.map(list =>
          Math.max(...list.filter(one => one.trouble === null).map(one => one.takenAt)),
        )
        const isWhole = newestOfEach.every(at => at > 0)
        expect(good[0]?.takenAt).toBe(isWhole ? Math.min(...newestOfEach) : undefined)
      }),
    )
  })

  it('has nothing where one guest has nothing', () => {
    const guests = new Map([
      ['100', asCopies([{ takenAt: 5, bytes: 1, trouble: null }], 0)],
      ['101', []],
    ])
    expect(lookAtGuests(guests, [])).toEqual({ trouble: 'nothing-there', detail: 'no copy of 101' })
    expect(lookAtGuests(new Map(), []).trouble).toBe('nothing-there')
  })
})

describe('what is read piece by piece', () => {
  it('has the same lines however it is cut', () => {
    const lines = fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).filter(line => !line.includes('\n')))
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 9 }), (wanted, step) => {
        const whole = Buffer.from(wanted.join('\n'))
        const seen: string[] = []
        const reader = createLines(line => seen.push(line))
        for (let from = 0; from < whole.length; from += step) reader.take(whole.subarray(from, from + step))
        reader.end()
        expect(seen).toEqual(wanted)
      }),
    )
  })

  it('gives a sample that keeps to its limits and has something where there is something', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 2_000 }),
        (all, sampleFiles, sampleBytes) => {
          const sample = createSample({ sampleFiles, sampleBytes }, Math.random)
          for (const [i, bytes] of all.entries()) sample.take({ path: `/${i}`, bytes })
          const chosen = sample.chosen()
          expect(chosen.length).toBeGreaterThan(0)
          expect(chosen.length).toBeLessThanOrEqual(sampleFiles)
          expect(new Set(chosen.map(({ path }) => path)).size).toBe(chosen.length)
          if (bytesOf(chosen) > sampleBytes) expect(bytesOf(chosen)).toBe(Math.min(...all))
        },
      ),
    )
  })

  it('has as many parts as the guess says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 12 }), fc.integer({ min: 1, max: 10_000 }), (bytes, count) => {
        for (const length of partLengths(bytes, count)) expect(Math.ceil(bytes / length)).toBe(count)
      }),
    )
  })

  it('knows the lines of an environment file', () => {
    const text = '# kunci\n\nexport A=1\nB="dua kata"\nC=\'tiga\'\nD=a=b\n'
    expect(parseEnvironment(text)).toEqual({ A: '1', B: 'dua kata', C: 'tiga', D: 'a=b' })
    expect(() => parseEnvironment('A=1\nbukan')).toThrow('line 2 is not NAME=value')
  })
})
