// The real pgBackRest with a real PostgreSQL, and repositories to which everything was done that happens to repositories.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { POSTGRESQL_PATH } from '../../../../support/debian-packages.ts'
import { mountSmallDisk } from '../../../../support/small-disk.ts'
import { type BackupCase, holdCase, PASSWORD } from './backup-case.ts'
import { flipBytes, overwrite } from './changed-copy.ts'
import { programCases } from './program-cases.ts'

const disk = mountSmallDisk(600)
const tiny = mountSmallDisk(1)
const at = (name: string): string => join(disk.directory, name)
const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })))
const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { ...{ uid, gid, cwd: disk.directory, encoding: 'utf8', stdio: 'pipe' }, input: '' })

/** A place of its own for each case, with a configuration that names it. */
function place(name: string, repository = name, pass = PASSWORD): string {
  const config = at(`${name}.conf`)
  writeFileSync(
    config,
    `[global]
repo1-path=${at(repository)}
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=${pass}
log-path=${at('log')}
lock-path=${at('lock')}
spool-path=${at('spool')}
start-fast=y
compress-level=1
job-retry=0
[kota]
pg1-path=${at('data')}
pg1-socket-path=${disk.directory}
pg1-port=5439
`,
  )
  return config
}
const changed = (name: string, change: (repo: string) => unknown): string => {
  cpSync(at('repo'), at(name), { recursive: true })
  change(at(name))
  // What root wrote is the database user's again.
  execFileSync('chown', ['-R', 'postgres:', at(name)])
  return place(name)
}

const config = place('repo')
const backrest = (command: string): string => run('pgbackrest', `--config=${config}`, '--stanza=kota', command)
const sql = (database: string, text: string): string =>
  run(
    `${POSTGRESQL_PATH}/psql`,
    '-XAtq',
    '-h',
    disk.directory,
    '-p',
    '5439',
    '-U',
    'postgres',
    '-d',
    database,
    '-c',
    text,
  )

run(`${POSTGRESQL_PATH}/initdb`, '-D', at('data'), '-U', 'postgres', '-A', 'trust', '--no-sync')
const settings = {
  ...{ listen_addresses: '', port: '5439', unix_socket_directories: disk.directory, fsync: 'off', archive_mode: 'on' },
  ...{ archive_command: `pgbackrest --config=${config} --stanza=kota archive-push %p` },
}
const options = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`)
run(`${POSTGRESQL_PATH}/pg_ctl`, '-D', at('data'), '-l', at('server.log'), '-w', '-o', options.join(' '), 'start')
afterAll(() => {
  run(`${POSTGRESQL_PATH}/pg_ctl`, '-D', at('data'), '-m', 'immediate', 'stop')
  disk.remove()
  tiny.remove()
})
backrest('stanza-create')
const empty = changed('empty', () => {})
sql('postgres', 'create database warga')
sql('warga', 'create table penduduk as select g as nik, md5(g::text) as nama from generate_series(1, 1234) g')
sql('warga', 'create table keluarga as select g as nomor from generate_series(1, 66) g')
backrest('backup')

/** The table's own file in the repository. */
const file = sql('warga', "select pg_relation_filepath('penduduk')").trim()
const label = readdirSync(at('repo/backup/kota')).find(name => /^\d{8}-\d{6}F$/.test(name)) ?? 'none'
const penduduk = (repo: string): string => join(repo, 'backup/kota', label, 'pg_data', `${file}.gz`)
const flipped = changed('flipped', repo => flipBytes(penduduk(repo)))
const withoutWal = changed('without-wal', repo =>
  rmSync(join(repo, 'archive/kota/15-1/0000000100000000'), { recursive: true }),
)
mkdirSync(at('closed'), { mode: 0o700 })

const job = (file: string, more: object = {}) => ({ stanza: 'kota', config: file, ...more })
const good = { trouble: null, bytes: expect.any(Number), tookMs: expect.any(Number) }
// More than a thousand files of a cluster, and empty ones have no checksum.
const rows = {
  scope: 'all',
  files: expect.toSatisfy(files => files > 1_000),
  checksumsHeld: expect.toSatisfy(held => held > 900),
  databases: [{ name: 'warga', tables: 2, rows: 1_300 }],
}

const CASES: readonly BackupCase[] = [
  ...programCases(disk.directory, more => job(config, more)),
  {
    what: 'a stanza without a backup',
    action: 'look',
    job: job(empty),
    trouble: 'nothing-there',
    says: /no valid backups/,
  },
  {
    what: 'a wrong passphrase',
    action: 'look',
    job: job(place('wrong', 'repo', 'bukan-ini')),
    trouble: 'wrong-password',
  },
  {
    what: 'a repository that is gone',
    action: 'look',
    job: job(place('tiada')),
    trouble: 'repository-missing',
    says: /missing stanza path/,
  },
  {
    what: 'a stanza that nobody knows',
    action: 'look',
    job: job(config, { stanza: 'desa' }),
    trouble: 'repository-missing',
  },
  {
    what: 'a repository that it may not read',
    action: 'look',
    job: job(place('closed')),
    trouble: 'permission-denied',
    says: /Permission denied/,
  },
  {
    what: 'an info file that is none any more',
    action: 'look',
    job: job(
      changed('info', repo =>
        ['backup.info', 'backup.info.copy'].map(name => overwrite(join(repo, 'backup/kota', name))),
      ),
    ),
    trouble: 'damaged',
  },
  {
    what: 'a configuration that is gone',
    action: 'look',
    job: job(at('hilang.conf')),
    trouble: 'configuration-wrong',
    says: /hilang\.conf/,
  },
  {
    what: 'a user that is not on the machine',
    action: 'look',
    job: job(config, { user: 'tiada' }),
    trouble: 'configuration-wrong',
  },
  {
    what: 'a backup whose WAL is gone',
    action: 'look',
    job: job(withoutWal),
    trouble: null,
    copies: [{ trouble: 'incomplete' }],
  },
  { what: 'a whole repository', action: 'verify', job: job(config), trouble: null },
  {
    what: 'a file that is gone',
    action: 'verify',
    job: job(changed('gone', repo => rmSync(penduduk(repo)))),
    trouble: 'damaged',
    says: /missing: 1/,
  },
  { what: 'a cluster brought back and opened', action: 'restore all', job: job(config), trouble: null, proof: rows },
  {
    what: 'a sample, which is all of it',
    action: 'restore a sample',
    job: job(config, { binaries: POSTGRESQL_PATH }),
    trouble: null,
    proof: rows,
  },
  { what: 'a backup whose WAL is gone', action: 'restore all', job: job(withoutWal), trouble: 'incomplete' },
  {
    what: 'no PostgreSQL to open it with',
    action: 'restore all',
    job: job(config, { binaries: at('tiada') }),
    trouble: 'tool-missing',
  },
  {
    what: 'a scratch place that is full',
    action: 'restore all',
    job: job(config),
    scratch: tiny.directory,
    trouble: 'disk-full',
    says: /a restore needs/,
  },
]

describe('pgBackRest', () => {
  it.concurrent.each(CASES)('$action: $what', { timeout: 90_000 }, async one => {
    await holdCase('pgbackrest', one)
  })

  it('lists a repository with a corrupted file well, and the restore test finds it', { timeout: 90_000 }, async () => {
    const corrupted = job(flipped)
    await holdCase('pgbackrest', { what: 'listed', action: 'look', job: corrupted, trouble: null, copies: [good] })
    await holdCase('pgbackrest', { what: 'restored', action: 'restore all', job: corrupted, trouble: 'damaged' })
  })
})
