import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { RestoreContext, Restored } from './backup-tool.ts'
import type { Place, PlacedCopy } from './copies-in-place.ts'
import { newestGood, readEnds } from './dump-look.ts'
import { type DumpFormat, formatOf, isPostgresqlDump, judgePostgresqlDump } from './postgresql-judge.ts'
import { type Trouble, troubleOf } from './program-trouble.ts'
import { roomFor } from './room.ts'
import { runProgram } from './run-program.ts'
import {
  countRows,
  findPostgresql,
  makeCluster,
  POSTGRESQL_SIGNS,
  RESTORED_DATABASE,
  type ScratchPostgresql,
  startPostgresql,
} from './scratch-postgresql.ts'
import { openUnpacked, watched } from './unpack.ts'
import { lastWords } from './without-secrets.ts'

/** Rows and their indexes in a database, beside the length of their text in a dump. */
const GROWTH = 2.5
/** Of what pg_dump packed itself. */
const PACKED_GROWTH = 8
const EMPTY_CLUSTER_BYTES = 80 * 1024 * 1024

/** Restores the newest dump that looks good into a server of its own, and counts its rows. */
export async function restorePostgresqlDump(place: Place, context: RestoreContext): Promise<Restored> {
  const { scratch, serverUser: user, signal, progress } = context
  const newest = await newestGood(place, context, { isCopy: isPostgresqlDump, judge: judgePostgresqlDump })
  if ('trouble' in newest) return newest
  const binaries = await findPostgresql()
  if (binaries === undefined)
    return { trouble: 'tool-missing', detail: 'no server of PostgreSQL is installed here (initdb was not found)' }
  const shape = await shapeOf(newest, context)
  if ('trouble' in shape) return shape
  const room = await roomFor(EMPTY_CLUSTER_BYTES + shape.needsBytes, scratch)
  if (room !== undefined) return room

  progress(`starting a PostgreSQL of its own in ${scratch}`)
  const dataDirectory = join(scratch, 'data')
  await mkdir(dataDirectory, { mode: 0o700 })
  if (user !== undefined) await chown(dataDirectory, user.uid, user.gid)
  const made = await makeCluster({ binaries, dataDirectory, user, signal })
  if (made.trouble !== null) return made
  const settings = ['wal_level=minimal', 'max_wal_senders=0', 'autovacuum=off', 'max_wal_size=256MB']
  const server = await startPostgresql({ binaries, dataDirectory, socketDirectory: scratch, user, signal, settings })
  if (server.trouble !== null) return server
  try {
    progress(`restoring ${newest.name}`)
    const trouble = await load(newest, shape.format, server, binaries, signal)
    if (trouble !== undefined) return trouble
    progress('counting rows')
    const counted = await countRows(server)
    if (counted.trouble !== null) return counted
    if (counted.databases.length === 0 || counted.databases.every(({ tables }) => tables === 0))
      return { trouble: 'content-wrong', detail: 'it restores without an error, and there is no table in it' }
    return {
      trouble: null,
      proof: {
        ...{ scope: 'all', copyId: newest.name, copyTakenAt: Math.round(newest.changedAt), files: newest.files },
        ...{ bytes: newest.bytes, checksumsHeld: shape.checksumsHeld, databases: counted.databases },
      },
    }
  } finally {
    await server.stop()
  }
}

async function shapeOf(
  copy: PlacedCopy,
  context: RestoreContext,
): Promise<{ format: DumpFormat; needsBytes: number; checksumsHeld: number } | Trouble> {
  if (copy.isFolder) return { format: 'directory', needsBytes: copy.bytes * PACKED_GROWTH, checksumsHeld: 0 }
  const ends = await readEnds(copy.path, context)
  if ('trouble' in ends) return { trouble: ends.trouble ?? 'damaged', detail: ends.detail }
  const format = formatOf(ends.head)
  if (format === undefined) return { trouble: 'header-wrong', detail: copy.name }
  const needsBytes = ends.bytes * (format === 'plain' ? GROWTH : PACKED_GROWTH)
  return { format, needsBytes, checksumsHeld: ends.checksumHeld ? 1 : 0 }
}

/** Roles of the machine that it came from are not here, and nobody needs them to read the rows. */
const NO_MATTER =
  /role "[^"]*" (does not exist|already exists)|database "postgres" already exists|current user cannot be dropped/i

async function load(
  copy: PlacedCopy,
  format: DumpFormat,
  server: ScratchPostgresql,
  binaries: string,
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const database = RESTORED_DATABASE
  const created = await server.psql('postgres', `create database ${database} template template0`)
  if (created.ended !== 'itself' || created.code !== 0) return troubleOf(created, { signs: POSTGRESQL_SIGNS })
  const input = format === 'directory' ? undefined : (await openUnpacked(copy.path, { signal })).stream
  const broken = input && watched(input)
  // A cluster's dump makes its own databases, and says which.
  const end =
    format === 'plain' && input !== undefined
      ? await server.feed(database, input)
      : await runProgram(
          join(binaries, 'pg_restore'),
          [
            ...['-h', server.socketDirectory, '-U', 'postgres', '-d', database, `--format=${format}`],
            ...['--no-owner', '--no-privileges', ...(input ? [] : [copy.path])],
          ],
          { signal, ...(input && { input }) },
        )
  const fault = broken?.()
  if (fault !== undefined) return { trouble: fault.trouble, detail: fault.message }
  if (end.ended !== 'itself') return troubleOf(end, { signs: POSTGRESQL_SIGNS })
  const errors = end.stderr
    .split('\n')
    .filter(line => /\b(ERROR|FATAL|PANIC|error):/.test(line) && !NO_MATTER.test(line))
  if (errors.length === 0 && (end.code === 0 || end.code === 1)) return undefined
  const words = errors.length > 0 ? `${errors.length} errors, the first: ${errors[0]}` : lastWords(end.stderr, 300)
  const { trouble } = troubleOf(end, { signs: [...POSTGRESQL_SIGNS, ...LOAD_SIGNS] })
  return { trouble: trouble === 'command-failed' ? 'content-wrong' : trouble, detail: words }
}

const LOAD_SIGNS = [
  [/extension "[^"]*" is not available|could not (open extension|access file)|unsupported version/i, 'tool-missing'],
  [/end of file|could not uncompress|corrupt/i, 'damaged'],
  [/server closed the connection|the database system is/i, 'damaged'],
] as const
