// Dumps that the real programs made of real servers, once for all cases, and what may happen to them afterwards.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { findMariadb, startMariadb } from '../../../../agent/sources/backups/scratch-mariadb.ts'
import { makeCluster, startPostgresql } from '../../../../agent/sources/backups/scratch-postgresql.ts'
import { POSTGRESQL_PATH } from '../../../support/debian-packages.ts'

export const HOUR_MS = 3_600_000
const NOBODY = { uid: 65_534, gid: 65_534 }

export type Dumps = {
  /** A whole dump of this name. */
  whole(name: string): string
  /** A new folder with what `fill` makes in it, each file an hour old unless it says otherwise. */
  place(fill: (at: (name: string) => string) => void): string
  remove(): void
}

/** One folder for all, removed at the end. */
export function emptyDumps(): Dumps & { root: string } {
  const root = mkdtempSync(join(tmpdir(), 'pantau-dumps-'))
  chmodSync(root, 0o711)
  mkdirSync(join(root, 'whole'))
  let places = 0
  return {
    root,
    whole: name => join(root, 'whole', name),
    place(fill) {
      places += 1
      const folder = join(root, `place-${places}`)
      mkdirSync(folder)
      fill(name => join(folder, name))
      return folder
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** A server's folder that belongs to whom the server runs as. */
function ownFolder(root: string, name: string): string {
  const folder = join(root, name)
  mkdirSync(folder, { mode: 0o700 })
  execFileSync('chown', ['65534:65534', folder])
  return folder
}

const CITY = `
create table penduduk (id int primary key, nama varchar(80) not null);
create table surat (id int primary key, penduduk int, perihal varchar(200));
`

export async function dumpPostgresql(dumps: Dumps & { root: string }): Promise<void> {
  const [data, socket] = [ownFolder(dumps.root, 'pg'), ownFolder(dumps.root, 'pgs')]
  const common = { binaries: POSTGRESQL_PATH, dataDirectory: data, user: NOBODY, signal: AbortSignal.timeout(60_000) }
  const made = await makeCluster(common)
  const server = made.trouble === null ? await startPostgresql({ ...common, socketDirectory: socket }) : made
  if (server.trouble !== null) throw new Error(`no PostgreSQL: ${server.detail}`)
  const rows = `${CITY}
    create role aplikasi; alter table penduduk owner to aplikasi;
    insert into penduduk select n, 'Warga ' || n from generate_series(1, 2000) n;
    insert into surat select n, n, 'Keterangan domisili ' || md5(n::text) from generate_series(1, 300) n;`
  for (const [database, sql] of [
    ['postgres', 'create database kota'],
    ['kota', rows],
  ] as const) {
    const end = await server.psql(database, sql)
    if (end.ended !== 'itself' || end.code !== 0) throw new Error(end.stderr)
  }
  const dump = (program: string, ...args: string[]) =>
    execFileSync(join(POSTGRESQL_PATH, program), ['-h', socket, '-U', 'postgres', ...args], { stdio: 'pipe' })
  for (const [format, name] of [
    ['p', 'kota.sql'],
    ['c', 'kota.custom'],
    ['t', 'kota.tar'],
    ['d', 'kota.dir'],
  ] as const)
    dump('pg_dump', '-d', 'kota', `-F${format}`, '-f', dumps.whole(name))
  dump('pg_dumpall', '-f', dumps.whole('semua.sql'))
  await server.stop()
}

export async function dumpMariadb(dumps: Dumps & { root: string }): Promise<void> {
  const programs = await findMariadb()
  if (programs === undefined) throw new Error('MariaDB is not installed')
  const directory = ownFolder(dumps.root, 'my')
  const server = await startMariadb({ programs, directory, user: NOBODY, signal: AbortSignal.timeout(60_000) })
  if (server.trouble !== null) throw new Error(`no MariaDB: ${server.detail}`)
  const end = await server.ask(`create database kota; use kota; ${CITY}
    insert into penduduk select seq, concat('Warga ', seq) from seq_1_to_2000;
    insert into surat select seq, seq, concat('Keterangan domisili ', md5(seq)) from seq_1_to_300;`)
  if (end.ended !== 'itself' || end.code !== 0) throw new Error(end.stderr)
  const socket = `--socket=${join(directory, 's')}`
  const dump = (name: string, ...args: string[]) =>
    writeFileSync(
      dumps.whole(name),
      execFileSync('mariadb-dump', ['--no-defaults', socket, '-uroot', ...args], { stdio: 'pipe' }),
    )
  dump('maria.sql', 'kota')
  dump('maria-semua.sql', '--databases', 'kota')
  dump('maria-bisu.sql', '--skip-comments', 'kota')
  await server.stop()
}

/** So long ago that nobody writes to it any more. */
export function aged(path: string, agoMs = HOUR_MS): string {
  const at = Math.floor((Date.now() - agoMs) / 1_000)
  if (statSync(path).isDirectory()) execFileSync('find', [path, '-exec', 'touch', '-d', `@${at}`, '{}', '+'])
  utimesSync(path, at, at)
  return path
}

/** What stands at `from`, there an hour old. */
export function put(from: string, to: string, agoMs = HOUR_MS): string {
  mkdirSync(dirname(to), { recursive: true })
  if (statSync(from).isDirectory()) cpSync(from, to, { recursive: true })
  else copyFileSync(from, to)
  return aged(to, agoMs)
}

export function written(path: string, content: string | Buffer, agoMs = HOUR_MS): string {
  writeFileSync(path, content)
  return aged(path, agoMs)
}

/** The bytes of a file changed. */
export function changed(from: string, to: string, change: (content: Buffer) => Buffer, agoMs = HOUR_MS): string {
  writeFileSync(to, change(readFileSync(from)))
  return aged(to, agoMs)
}

export const half = (content: Buffer): Buffer => content.subarray(0, Math.floor(content.length / 2))

/** A piece is missing in the middle; beginning and end stand. */
export const withoutMiddle = (content: Buffer): Buffer =>
  Buffer.concat([
    content.subarray(0, Math.floor(content.length * 0.4)),
    content.subarray(Math.floor(content.length * 0.9)),
  ])

export function packed(program: 'gzip' | 'zstd' | 'xz' | 'bzip2', from: string, to: string): string {
  writeFileSync(to, execFileSync(program, ['-q', '-c', from], { maxBuffer: 64 * 1024 * 1024 }))
  return aged(to)
}
