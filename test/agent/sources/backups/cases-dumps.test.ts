// Dumps of a real PostgreSQL and a real MariaDB, and everything that happens to dumps. One table: what was done, what is
// asked, what must come out. None may look good for lack of knowledge.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { mountSmallDisk } from '../../../support/small-disk.ts'
import { look, restore, sees } from './case-words.ts'
import {
  aged,
  changed,
  dumpMariadb,
  dumpPostgresql,
  emptyDumps,
  HOUR_MS,
  half,
  packed,
  put,
  withoutMiddle,
  written,
} from './real-dumps.ts'
import { type BackupCase, holdCase } from './tools/backup-case.ts'
import { flipBytes } from './tools/changed-copy.ts'

const dumps = emptyDumps()
const tiny = mountSmallDisk(8)
await Promise.all([dumpPostgresql(dumps), dumpMariadb(dumps)])
afterAll(() => {
  dumps.remove()
  tiny.remove()
})

const { whole } = dumps
const place = (fill: (at: (name: string) => string) => unknown) => ({ path: dumps.place(fill) })
const only = (name: string) => place(at => put(whole(name), at(basename(name))))
const cut = (name: string) => place(at => changed(whole(name), at(basename(name)), half))
const sumBeside = (path: string, of = path): void =>
  writeFileSync(`${path}.sha256`, `${createHash('sha256').update(readFileSync(of)).digest('hex')}  ${basename(path)}\n`)

const GOOD = [{ trouble: null }]
const KOTA = { tables: 2, rows: 2300 }

const POSTGRESQL: BackupCase[] = [
  look('a plain dump', only('kota.sql'), null, { copies: GOOD }),
  look('a custom dump', only('kota.custom'), null, { copies: GOOD }),
  look('a tar dump', only('kota.tar'), null, { copies: GOOD }),
  look('a dump in a folder', only('kota.dir'), null, { copies: GOOD }),
  look('a dump of the whole cluster', only('semua.sql'), null, { copies: GOOD }),
  ...(['gzip', 'zstd', 'xz', 'bzip2'] as const).flatMap(program => {
    const path = place(at => packed(program, whole('kota.sql'), at(`kota.sql.${program}`)))
    return [
      sees(`a dump packed by ${program}`, path, null),
      sees(
        `a cut dump packed by ${program}`,
        place(at => changed(join(path.path, `kota.sql.${program}`), at('kota.sql.z'), half)),
        'truncated',
      ),
    ]
  }),
  sees(
    'a late dump, told with its age',
    place(at => put(whole('kota.sql'), at('kota.sql'), 72 * HOUR_MS)),
    null,
  ),
  sees('a cut plain dump', cut('kota.sql'), 'truncated'),
  sees('a cut custom dump, which lists well', cut('kota.custom'), 'truncated'),
  sees('a cut tar dump', cut('kota.tar'), 'truncated'),
  sees(
    'a folder dump that lost a file',
    place(at => {
      put(whole('kota.dir'), at('kota.dir'))
      execFileSync('sh', ['-c', `rm "$(ls -S ${at('kota.dir')}/*.dat.gz | head -1)"`])
    }),
    'truncated',
  ),
  sees(
    'a custom dump with bytes turned over',
    place(at => {
      put(whole('kota.custom'), at('kota.custom'))
      flipBytes(at('kota.custom'))
      aged(at('kota.custom'))
    }),
    'damaged',
  ),
  sees(
    'a dump of nothing',
    place(at => written(at('kota.sql'), '')),
    'empty',
  ),
  sees(
    'nothing, packed',
    place(at => written(at('kota.sql.gz'), gzipSync(''))),
    'empty',
  ),
  sees(
    'an error page in place of a dump',
    place(at => written(at('kota.sql'), '<html>403')),
    'header-wrong',
  ),
  sees(
    'a dump that still grows',
    place(at => changed(whole('kota.sql'), at('kota.sql'), half, 1_000)),
    'incomplete',
  ),
  sees(
    'a dump that just ended',
    place(at => put(whole('kota.sql'), at('kota.sql'), 0)),
    null,
  ),
  sees(
    'a dump from tomorrow',
    place(at => put(whole('kota.sql'), at('kota.sql'), -26 * HOUR_MS)),
    'clock-ahead',
  ),
  sees(
    'a dump shrunk to a tenth, after a full one',
    place(at => {
      put(whole('semua.sql'), at('kemarin.sql'), 26 * HOUR_MS)
      writeFileSync(at('kini.sql'), '-- PostgreSQL database dump\n\n-- PostgreSQL database dump complete\n')
      aged(at('kini.sql'))
    }),
    null,
    { trouble: null },
  ),
  sees('one below the least size', { ...only('kota.sql'), least: '1MB' }, 'truncated'),
  sees(
    'a dump that fits its checksum',
    place(at => sumBeside(put(whole('kota.sql'), at('kota.sql')))),
    null,
  ),
  sees(
    'a dump with another checksum',
    place(at => sumBeside(put(whole('kota.sql'), at('kota.sql')), whole('semua.sql'))),
    'checksum-wrong',
  ),
  sees(
    'a broken newest one, and a good one before',
    place(at => {
      changed(whole('kota.sql'), at('b.sql'), half)
      put(whole('kota.sql'), at('a.sql'), 25 * HOUR_MS)
    }),
    'truncated',
    { trouble: null },
  ),
  look(
    'a folder without a dump',
    place(() => {}),
    'nothing-there',
  ),
  look('no file of that name', { ...only('kota.sql'), match: 'lain-*.sql' }, 'nothing-there', { says: /lain-/ }),
  look('a place that is gone', { path: '/tiada/di/sini' }, 'repository-missing'),
  restore('a plain dump comes back', only('kota.sql'), null, { proof: { databases: [{ name: 'restored', ...KOTA }] } }),
  restore('a custom dump comes back', only('kota.custom'), null, {
    proof: { databases: [{ name: 'restored', ...KOTA }] },
  }),
  restore('a folder dump comes back', only('kota.dir'), null, {
    proof: { databases: [{ name: 'restored', ...KOTA }] },
  }),
  restore(
    'a cluster comes back, packed',
    place(at => packed('gzip', whole('semua.sql'), at('semua.sql.gz'))),
    null,
    {
      proof: { databases: [{ name: 'kota', ...KOTA }] },
    },
  ),
  look(
    'a dump without its middle looks whole',
    place(at => changed(whole('kota.sql'), at('kota.sql'), withoutMiddle)),
    null,
    { copies: GOOD },
  ),
  restore(
    'and is found when it is restored',
    place(at => changed(whole('kota.sql'), at('kota.sql'), withoutMiddle)),
    'content-wrong',
  ),
  restore('a cut custom dump', cut('kota.custom'), 'truncated'),
  restore('no room for it', only('kota.sql'), 'disk-full', { scratch: tiny.directory, says: /needs .* MiB/ }),
]

const MARIADB: BackupCase[] = [
  look('a dump', only('maria.sql'), null, { copies: GOOD }),
  sees(
    'a packed dump',
    place(at => packed('gzip', whole('maria.sql'), at('maria.sql.gz'))),
    null,
  ),
  sees('a cut dump', cut('maria.sql'), 'truncated'),
  sees(
    'a dump of nothing',
    place(at => written(at('maria.sql'), '')),
    'empty',
  ),
  sees('a dump without comments can not be judged', only('maria-bisu.sql'), 'header-wrong'),
  sees('a dump of PostgreSQL', only('kota.sql'), 'header-wrong'),
  sees(
    'a dump that still grows',
    place(at => changed(whole('maria.sql'), at('maria.sql'), half, 1_000)),
    'incomplete',
  ),
  restore('a dump with its database comes back', only('maria-semua.sql'), null, {
    proof: { databases: [{ name: 'kota', ...KOTA }] },
  }),
  restore(
    'a dump without its middle',
    place(at => changed(whole('maria.sql'), at('maria.sql'), withoutMiddle)),
    'content-wrong',
  ),
  restore('no room for it', only('maria.sql'), 'disk-full', { scratch: tiny.directory }),
]

describe('dumps of PostgreSQL', () => {
  it.each(POSTGRESQL)('$action: $what', one => holdCase('postgresql-dump', one), 60_000)
})

describe('dumps of MariaDB', () => {
  it.each(MARIADB)('$action: $what', one => holdCase('mariadb-dump', one), 60_000)
})

it('has at least 35 cases, none of which says good where nothing is known', () => {
  const all = [...POSTGRESQL, ...MARIADB]
  expect(all.length).toBeGreaterThanOrEqual(35)
  expect(all.filter(({ trouble, copies, proof }) => trouble === null && !copies && !proof)).toEqual([])
})
