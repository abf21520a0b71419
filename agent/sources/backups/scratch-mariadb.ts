// A MariaDB of its own for one restore test: on a socket in scratch that only its user can reach, without a port.
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'
import type { RestoreProof } from '../../../protocol/backups.ts'
import { findProgram } from '../../platform/find-program.ts'
import { type Signs, type Trouble, troubleOf } from './program-trouble.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'

type User = { uid: number; gid: number } | undefined

export type MariadbPrograms = { server: string; install: string; client: string }

export type ScratchMariadb = {
  trouble: null
  /** Runs statements; rows come as lines, columns apart by tabs. Ends at the first error. */
  ask(sql: string): Promise<ProgramEnd>
  /** Feeds a whole dump into a database and goes on after errors: they stand in `stderr`. */
  feed(database: string, input: Readable): Promise<ProgramEnd>
  stop(): Promise<void>
}

export const MARIADB_SIGNS: Signs = [
  [/Errcode: 28|error 28\b|is full/i, 'disk-full'],
  [/marked as crashed|corrupt/i, 'damaged'],
]

const READY_WITHIN_MS = 5 * 60_000
const LONGEST_SOCKET_BYTES = 107
const SMALL = ['--innodb-log-file-size=16M', '--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=0']

/** Undefined when one of its programs is not on this machine. */
export async function findMariadb(): Promise<MariadbPrograms | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/usr/libexec']
  const find = (...names: string[]): Promise<string | undefined> =>
    findProgram(names.flatMap(name => folders.filter(at => at.startsWith('/')).map(folder => join(folder, name))))
  const [server, install, client] = await Promise.all([
    find('mariadbd', 'mysqld'),
    find('mariadb-install-db', 'mysql_install_db'),
    find('mariadb', 'mysql'),
  ])
  return server && install && client ? { server, install, client } : undefined
}

/** An empty server on `directory`, which must be empty and belong to `user`. */
export async function startMariadb(deps: {
  programs: MariadbPrograms
  directory: string
  user: User
  signal: AbortSignal
}): Promise<Trouble | ScratchMariadb> {
  const { programs, directory, user, signal } = deps
  const socket = join(directory, 's')
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_BYTES) {
    const detail = `scratch: the path ${directory} is too long for a database's socket, choose a shorter one`
    return { trouble: 'configuration-wrong', detail }
  }
  const data = [`--datadir=${join(directory, 'data')}`, `--tmpdir=${directory}`]
  const as = { cwd: '/', ...(user && { user }) }
  const fresh = ['--no-defaults', ...data, ...SMALL, '--auth-root-authentication-method=normal', '--skip-test-db']
  const made = await runProgram(programs.install, fresh, { ...as, signal })
  if (made.ended !== 'itself' || made.code !== 0) return troubleOf(made, { signs: MARIADB_SIGNS })

  const ending = new AbortController()
  // Without rights: users that come with the dump must not lock us out. Nobody else reaches the socket.
  const args = ['--no-defaults', ...data, ...SMALL, `--socket=${socket}`, '--skip-networking', '--skip-grant-tables']
  let ended: ProgramEnd | undefined
  const running = runProgram(programs.server, [...args, '--skip-log-bin', `--pid-file=${socket}.pid`], {
    ...as,
    signal: AbortSignal.any([signal, ending.signal]),
  }).then(end => {
    ended = end
  })
  const run = (input: string | Readable, flags: string[]): Promise<ProgramEnd> =>
    runProgram(programs.client, ['--no-defaults', `--socket=${socket}`, '--user=root', ...flags], { signal, input })
  const server: ScratchMariadb = {
    trouble: null,
    ask: sql => run(sql, ['--batch', '--skip-column-names']),
    feed: (database, input) => run(input, ['--force', '--binary-mode', '--silent', database]),
    async stop() {
      ending.abort()
      await running
    },
  }
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until && !signal.aborted; await sleep(100)) {
    if (ended !== undefined) return troubleOf(ended, { signs: MARIADB_SIGNS })
    const asked = await server.ask('select 1;')
    if (asked.ended === 'itself' && asked.code === 0) return server
  }
  await server.stop()
  return { trouble: 'timeout', detail: 'the scratch database did not start in time' }
}

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** Tables and rows of each database, every row counted. */
export async function countMariadbRows(
  server: ScratchMariadb,
): Promise<Trouble | { trouble: null; databases: RestoreProof['databases'] }> {
  const ask = async (sql: string): Promise<Trouble | string[][]> => {
    const end = await server.ask(sql)
    if (end.ended === 'itself' && end.code === 0)
      return end.stdout.split('\n').flatMap(line => (line === '' ? [] : [line.split('\t')]))
    const { trouble, detail } = troubleOf(end, { signs: MARIADB_SIGNS })
    return { trouble: trouble === 'command-failed' ? 'damaged' : trouble, detail }
  }
  const tables = await ask(
    `select table_schema, table_name from information_schema.tables where table_type = 'BASE TABLE'
     and table_schema not in ('mysql', 'information_schema', 'performance_schema', 'sys') order by 1, 2;`,
  )
  if (!Array.isArray(tables)) return tables
  const databases: RestoreProof['databases'] = []
  for (const name of [...new Set(tables.map(([schema = '']) => schema))].slice(0, BACKUP_LIMITS.databases)) {
    const own = tables.filter(([schema]) => schema === name)
    const counts = own.map(
      ([schema = '', table = '']) => `select count(*) as n from ${quoted(schema)}.${quoted(table)}`,
    )
    const sums = await ask(`select sum(n) from (${counts.join(' union all ')}) as counted;`)
    if (!Array.isArray(sums)) return sums
    const rows = Number(sums[0]?.[0])
    if (!Number.isInteger(rows))
      return { trouble: 'answer-unreadable', detail: `${name}: its rows could not be counted` }
    databases.push({ name, tables: own.length, rows })
  }
  return { trouble: null, databases }
}
