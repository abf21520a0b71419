// Archives, folders and trees, and everything that happens to them; the real tar and the real rsync made them.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { mountSmallDisk } from '../../../support/small-disk.ts'
import { look, restore, sees } from './case-words.ts'
import { aged, changed, emptyDumps, HOUR_MS, half, packed, put, written } from './real-dumps.ts'
import { type BackupCase, holdCase } from './tools/backup-case.ts'
import { cutInHalf, flipBytes, noise, standIn } from './tools/changed-copy.ts'

const dumps = emptyDumps()
const tiny = mountSmallDisk(1)
afterAll(() => {
  dumps.remove()
  tiny.remove()
})
const { whole } = dumps

// The office's files: letters, a database, and the list of checksums that its backup script wrote.
const office = whole('kantor')
mkdirSync(join(office, 'surat'), { recursive: true })
for (let number = 0; number < 30; number += 1) writeFileSync(join(office, `surat/${number}.txt`), noise(3_000, number))
const register = new DatabaseSync(join(office, 'register.sqlite'))
register.exec('create table surat (id integer primary key, perihal text)')
for (let number = 0; number < 400; number += 1)
  register.prepare('insert into surat values (?, ?)').run(number, `Perihal ${number}`)
register.close()
const listed = (folder: string): void => {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const lines = names.map(({ parentPath, name }) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(parentPath, name)))
      .digest('hex')
    return `${sum}  ./${join(parentPath, name).slice(folder.length + 1)}\n`
  })
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''))
}
listed(office)
execFileSync('tar', ['-cf', whole('kantor.tar'), '-C', office, '.'])
const ALL_FILES = 32

const place = (fill: (at: (name: string) => string) => unknown) => ({ path: dumps.place(fill) })
const only = (name: string, agoMs = HOUR_MS) => place(at => put(whole(name), at(basename(name)), agoMs))
/** The office in a folder, with something done to it. */
const tree = (change: (at: string) => unknown = () => {}, agoMs = HOUR_MS) => {
  const path = dumps.place(at => {
    put(office, at('kantor'), agoMs)
    change(at('kantor'))
    aged(at('kantor'), agoMs)
  })
  return { path: join(path, 'kantor'), copy: 'tree' }
}

const FILES: BackupCase[] = [
  sees('an archive', only('kantor.tar'), null),
  sees(
    'a packed archive',
    place(at => packed('gzip', whole('kantor.tar'), at('kantor.tar.gz'))),
    null,
  ),
  sees('a late archive, told with its age', only('kantor.tar', 400 * HOUR_MS), null),
  sees(
    'a cut archive',
    place(at => changed(whole('kantor.tar'), at('kantor.tar'), half)),
    'truncated',
  ),
  sees(
    'a cut packed archive',
    place(at => {
      packed('gzip', whole('kantor.tar'), at('kantor.tgz'))
      cutInHalf(at('kantor.tgz'))
      aged(at('kantor.tgz'))
    }),
    'truncated',
  ),
  sees(
    'a packed archive with bytes turned over',
    place(at => {
      packed('xz', whole('kantor.tar'), at('kantor.tar.xz'))
      flipBytes(at('kantor.tar.xz'))
      aged(at('kantor.tar.xz'))
    }),
    'damaged',
  ),
  sees(
    'an empty file',
    place(at => written(at('kantor.tar'), '')),
    'empty',
  ),
  sees(
    'a file that may still grow',
    place(at => written(at('kantor.bin'), noise(900, 1), 1_000)),
    'incomplete',
  ),
  sees(
    'a file that nobody writes to',
    place(at => written(at('kantor.bin'), noise(900, 1))),
    null,
  ),
  sees('a file from next week', only('kantor.tar', -170 * HOUR_MS), 'clock-ahead'),
  sees(
    'one that does not fit its checksum',
    place(at => {
      put(whole('kantor.tar'), at('kantor.tar'))
      written(at('kantor.tar.sha256'), `${'0'.repeat(64)}  kantor.tar\n`)
    }),
    'checksum-wrong',
  ),
  sees('one below the least size', { ...only('kantor.tar'), least: '1GB' }, 'truncated'),
  sees(
    'a database file that lost its end',
    place(at => {
      put(join(office, 'register.sqlite'), at('register.sqlite'))
      cutInHalf(at('register.sqlite'))
      aged(at('register.sqlite'))
    }),
    'truncated',
  ),
  look(
    'only half files',
    place(at => written(at('kantor.tar.part'), 'x')),
    'nothing-there',
  ),
  look('a place that is gone', { path: '/tiada/di/sini' }, 'repository-missing'),
  sees('a tree', tree(), null),
  sees(
    'a tree that lost a listed file',
    tree(at => rmSync(join(at, 'surat/7.txt'))),
    'incomplete',
  ),
  sees(
    'a tree that is being written',
    tree(() => {}, 500),
    'incomplete',
  ),
  sees('an empty tree', { path: aged(dumps.place(() => {})), copy: 'tree' }, 'empty'),
  sees(
    'a folder for each night, the newest first',
    {
      ...place(at => {
        put(office, at('2026-11-20'), 30 * HOUR_MS)
        put(office, at('2026-11-21'), 6 * HOUR_MS)
      }),
      copy: 'folder',
    },
    null,
    { id: '2026-11-20', trouble: null },
  ),
  restore(
    'an archive comes back, its database is opened',
    place(at => packed('zstd', whole('kantor.tar'), at('k.tar.zst'))),
    null,
    {
      proof: { scope: 'all', files: ALL_FILES, checksumsHeld: 31, databases: [{ tables: 1, rows: 400 }] },
    },
  ),
  restore('a tree comes back', tree(), null, {
    proof: { files: ALL_FILES, checksumsHeld: 31, databases: [{ rows: 400 }] },
  }),
  {
    ...restore('a sample of a tree', { ...tree(), sampleFiles: 5 }, null),
    action: 'restore a sample',
    proof: { scope: 'sample', files: 5 },
  },
  restore(
    'a tree of which a file was changed',
    tree(at => appendFileSync(join(at, 'surat/3.txt'), 'x')),
    'checksum-wrong',
  ),
  restore(
    'a tree whose database is damaged',
    tree(at => {
      flipBytes(join(at, 'register.sqlite'))
      rmSync(join(at, 'SHA256SUMS'))
    }),
    'damaged',
  ),
  restore(
    'no room for it',
    place(at => written(at('besar.bin'), noise(2_000_000, 5))),
    'disk-full',
    { scratch: tiny.directory },
  ),
]

/** What the real rsync did, with its log. */
function synced(change: (from: string, to: string) => void, flags: string[] = [], to = dumps.place(() => {})) {
  const log = join(
    dumps.place(() => {}),
    'rsync.log',
  )
  const from = dumps.place(at => put(office, at('kantor')))
  change(from, to)
  spawnSync('rsync', ['-a', `--log-file=${log}`, ...flags, `${from}/`, to], { stdio: 'ignore' })
  return { path: to, log }
}
const good = synced(() => {})
const withLog = (change: (log: string) => string) => ({
  path: good.path,
  log: written(
    join(
      dumps.place(() => {}),
      'rsync.log',
    ),
    change(readFileSync(good.log, 'utf8')),
  ),
})
const full = mountSmallDisk(1)
mkdirSync(join(full.directory, 'tujuan'))
writeFileSync(join(full.directory, 'penuh'), noise(950 * 1024, 1))
const stamp = written(
  join(
    dumps.place(() => {}),
    'stamp',
  ),
  '',
  50 * HOUR_MS,
)
afterAll(() => full.remove())

const RSYNC: BackupCase[] = [
  look('a good run', good, null, { copies: [{ trouble: null, tookMs: expect.any(Number) }] }),
  sees(
    'a disk that was full',
    synced(() => {}, [], join(full.directory, 'tujuan')),
    'disk-full',
  ),
  sees(
    'a source that is gone',
    synced(
      from => rmSync(from, { recursive: true }),
      [],
      put(
        office,
        join(
          dumps.place(() => {}),
          'tujuan',
        ),
      ),
    ),
    'incomplete',
  ),
  sees(
    'a run that was killed',
    withLog(log => log.replace(/^.*sent .*\n/gm, '')),
    'incomplete',
  ),
  sees(
    'a connection that broke off',
    withLog(log =>
      log.replace(/\] sent .*/, '] rsync error: error in rsync protocol data stream (code 12) at io.c(231)'),
    ),
    'unreachable',
  ),
  look(
    'a log without a run',
    withLog(() => ''),
    'nothing-there',
  ),
  look('a log that is gone', { ...good, log: '/tiada/rsync.log' }, 'repository-missing'),
  look('a stamp, told with its age', { path: good.path, stamp }, null, { copies: [{ trouble: null }] }),
  look('a stamp that no run has made', { path: good.path, stamp: '/tiada/stamp' }, 'nothing-there'),
  look('neither log nor stamp', { path: good.path }, null, { copies: [{ trouble: null }] }),
  look('an empty tree', { path: dumps.place(() => {}) }, 'nothing-there'),
  restore('a good run comes back', good, null, { proof: { files: ALL_FILES } }),
  restore(
    'a run that failed is not restored',
    withLog(log => log.replace(/^.*sent .*\n/gm, '')),
    'incomplete',
  ),
]

describe('files', () => {
  it.each(FILES)('$action: $what', one => holdCase('files', one))

  it('says so when this user may not read them', async () => {
    const job = only('kantor.tar')
    execFileSync('chmod', ['700', job.path])
    process.seteuid?.(65_534)
    onTestFinished(() => process.seteuid?.(0))
    await holdCase('files', look('', job, 'permission-denied'))
  })

  it('says so when a program hangs that it needs', async () => {
    const job = place(at => packed('xz', whole('kantor.tar'), at('kantor.tar.xz')))
    const programs = dumps.place(at => standIn(at('xz'), 'exec sleep 60'))
    const { PATH } = process.env
    process.env.PATH = `${programs}:${PATH}`
    onTestFinished(() => {
      process.env.PATH = PATH
    })
    await holdCase('files', look('', job, 'timeout', { withinMs: 300 }))
  })

  it('reads a copy whole once, and again when it has changed', async () => {
    const job = place(at => packed('gzip', whole('kantor.tar'), at('kantor.tgz')))
    const notes = new Map<string, string>()
    await holdCase('files', sees('', job, null), notes)
    // As long as before and of the same moment: only who reads it would see.
    const path = join(job.path, 'kantor.tgz')
    const before = statSync(path)
    flipBytes(path)
    utimesSync(path, before.atimeMs / 1_000, before.mtimeMs / 1_000)
    await holdCase('files', sees('', job, null), notes)
    aged(path, 2 * HOUR_MS)
    await holdCase('files', sees('', job, 'damaged'), notes)
  })
})

describe('rsync', () => {
  it.each(RSYNC)('$action: $what', one => holdCase('rsync', one))
})
