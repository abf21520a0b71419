// A PostgreSQL of its own for one restore test: on a socket in scratch that only its user can reach, without a port.
import { readdir, readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'
import type { RestoreProof } from '../../../protocol/backups.ts'
import { findProgram } from '../../platform/find-program.ts'
import { type Signs, type Trouble, troubleOf } from './program-trouble.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'

type User = { uid: number; gid: number } | undefined

export type ScratchPostgresql = {
  trouble: null
  /** Runs statements; rows come as lines, columns apart by "|". Ends at the first error. */
  psql(database: string, sql: string): Promise<ProgramEnd>
  /** Feeds a whole dump and goes on after errors: they stand in `stderr`. */
  feed(database: string, input: Readable): Promise<ProgramEnd>
  socketDirectory: string
  stop(): Promise<void>
}

export const POSTGRESQL_SIGNS: Signs = [
  [/could not (write|extend)|could not resize shared memory/i, 'disk-full'],
  [/invalid page|could not read block|checksum/i, 'damaged'],
]

const STOP_WITHIN_MS = 10_000
const READY_WITHIN_MS = 10 * 60_000
const LONGEST_SOCKET_BYTES = 107

/** Folder with the server's programs: that of the newest version that is installed. Undefined when there is none. */
export async function findPostgresql(): Promise<string | undefined> {
  const versions = (await readdir('/usr/lib/postgresql').catch(() => [])).sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map(version => `/usr/lib/postgresql/${version}/bin`),
    ...(process.env.PATH ?? '').split(delimiter).filter(folder => folder.startsWith('/')),
    ...['/usr/pgsql/bin', '/usr/local/pgsql/bin'],
  ]
  const found = await findProgram(folders.map(folder => join(folder, 'initdb')))
  return found?.replace(/\/initdb$/, '')
}

/** An empty cluster. */
export async function makeCluster(deps: {
  binaries: string
  dataDirectory: string
  user: User
  signal: AbortSignal
}): Promise<Trouble | { trouble: null }> {
  const { binaries, dataDirectory, user, signal } = deps
  const args = ['-D', dataDirectory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const made = await runProgram(join(binaries, 'initdb'), args, { signal, cwd: '/', ...(user && { user }) })
  return made.ended === 'itself' && made.code === 0 ? { trouble: null } : troubleOf(made, { signs: POSTGRESQL_SIGNS })
}

/** Starts a server on a data directory that is there, and waits until it answers, also after a recovery. */
export async function startPostgresql(deps: {
  binaries: string
  dataDirectory: string
  socketDirectory: string
  user: User
  signal: AbortSignal
  /** Further lines of postgresql.conf as name=value. */
  settings?: readonly string[]
}): Promise<Trouble | ScratchPostgresql> {
  const { binaries, dataDirectory, socketDirectory, user, signal } = deps
  const socket = join(socketDirectory, '.s.PGSQL.5432')
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_BYTES) {
    const detail = `scratch: the path ${socketDirectory} is too long for a database's socket, choose a shorter one`
    return { trouble: 'configuration-wrong', detail }
  }
  const settings = [
    ...['listen_addresses=', `unix_socket_directories=${socketDirectory}`, 'port=5432', 'max_connections=20'],
    ...['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'archive_mode=off', 'shared_buffers=32MB'],
    ...['logging_collector=off', 'log_destination=stderr', 'shared_preload_libraries=', 'ssl=off'],
    'dynamic_shared_memory_type=mmap',
    ...(deps.settings ?? []),
  ]
  const args = ['-D', dataDirectory, ...settings.flatMap(setting => ['-c', setting])]
  const ending = new AbortController()
  const either = AbortSignal.any([signal, ending.signal])
  let ended: ProgramEnd | undefined
  const running = runProgram(join(binaries, 'postgres'), args, {
    signal: either,
    cwd: '/',
    ...(user && { user }),
  }).then(end => {
    ended = end
  })
  const run = (database: string, input: string | Readable, flags: string[]): Promise<ProgramEnd> =>
    runProgram(
      join(binaries, 'psql'),
      ['-X', '-q', '-A', '-t', '-h', socketDirectory, '-U', 'postgres', '-d', database, ...flags, '-f', '-'],
      { signal, input, env: { PGCLIENTENCODING: 'UTF8' } },
    )
  const server: ScratchPostgresql = {
    trouble: null,
    socketDirectory,
    psql: (database, sql) => run(database, sql, ['-v', 'ON_ERROR_STOP=1']),
    feed: (database, input) => run(database, input, ['-o', '/dev/null']),
    async stop() {
      // Told to, it gives its shared memory back; killed, it would leave a piece of it with each test.
      await tellToStop(dataDirectory)
      await Promise.race([running, sleep(STOP_WITHIN_MS, undefined, { ref: false })])
      ending.abort()
      await running
    },
  }
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until && !signal.aborted; await sleep(50)) {
    if (ended !== undefined) return troubleOf(ended, { signs: POSTGRESQL_SIGNS })
    if (!(await canConnect(socket))) continue
    const asked = await server.psql('postgres', 'select 1')
    if (asked.ended === 'itself' && asked.code === 0) return server
  }
  await server.stop()
  return { trouble: 'timeout', detail: 'the restored database did not start in time' }
}

/** Source: the manual of PostgreSQL, "Shutting Down the Server": SIGQUIT is the immediate shutdown. */
async function tellToStop(dataDirectory: string): Promise<void> {
  const [pid] = (await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  try {
    if (pid) process.kill(Number(pid), 'SIGQUIT')
  } catch {
    // It ended by itself.
  }
}

function canConnect(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Into this one a dump goes that does not name its own. */
export const RESTORED_DATABASE = 'restored'
const EMPTY_ANYWAY = ['postgres', RESTORED_DATABASE]

const DATABASES = "select datname from pg_database where datallowconn and datname <> 'template1' order by datname"
// Parents of partitions have no rows of their own.
const COUNTS = `
select coalesce(string_agg(format('select count(*) from %I.%I', n.nspname, c.relname), ' union all '), 'select 0 where false')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`

/** Tables and rows of each database, every row read. */
export async function countRows(
  server: ScratchPostgresql,
): Promise<Trouble | { trouble: null; databases: RestoreProof['databases'] }> {
  const ask = async (database: string, sql: string): Promise<Trouble | string> => {
    const end = await server.psql(database, sql)
    if (end.ended === 'itself' && end.code === 0) return end.stdout.trim()
    const { trouble, detail } = troubleOf(end, { signs: POSTGRESQL_SIGNS })
    return { trouble: trouble === 'command-failed' ? 'damaged' : trouble, detail }
  }
  const names = await ask('postgres', DATABASES)
  if (typeof names !== 'string') return names
  const databases: RestoreProof['databases'] = []
  for (const name of names.split('\n').slice(0, BACKUP_LIMITS.databases)) {
    const counts = await ask(name, COUNTS)
    if (typeof counts !== 'string') return counts
    const sums = await ask(name, `select count(*), coalesce(sum(n), 0) from (${counts}) as counted(n)`)
    if (typeof sums !== 'string') return sums
    const [tables = Number.NaN, rows = Number.NaN] = sums.split('|').map(Number)
    if (!Number.isInteger(tables) || !Number.isInteger(rows))
      return { trouble: 'answer-unreadable', detail: `${name}: its rows could not be counted` }
    // One that a cluster is born with, or that was made for a dump which makes its own, is no proof of anything.
    if (tables > 0 || !EMPTY_ANYWAY.includes(name)) databases.push({ name, tables, rows })
  }
  return { trouble: null, databases }
}
