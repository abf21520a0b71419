// What mariadb-dump and mysqldump write. Source: the manual of MariaDB, "mariadb-dump".
import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupTool, LookContext, RestoreContext, Restored } from './backup-tool.ts'
import { PLACE_FIELDS, type Place, type PlacedCopy, placeFields } from './copies-in-place.ts'
import { type Kind, lookAtDumps, newestGood, readEnds, type Verdict, WHOLE } from './dump-look.ts'
import { type Fields, refuseOthers } from './fields.ts'
import { type Trouble, troubleOf } from './program-trouble.ts'
import { roomFor } from './room.ts'
import { countMariadbRows, findMariadb, MARIADB_SIGNS, type ScratchMariadb, startMariadb } from './scratch-mariadb.ts'
import { openUnpacked, watched } from './unpack.ts'

const KIND: Kind = { isCopy: async (_, stats) => stats.isFile(), judge: judgeMariadbDump }

/** Dumps of mariadb-dump and mysqldump in a folder. */
export const mariadbDump: BackupTool<Place> = {
  name: 'mariadb-dump',
  parse(fields: Fields) {
    refuseOthers(fields, PLACE_FIELDS)
    return placeFields(fields)
  },
  look: (place, context) => lookAtDumps(place, context, KIND),
  restore: restoreMariadbDump,
}

async function judgeMariadbDump(copy: PlacedCopy, context: LookContext): Promise<Verdict> {
  const ends = await readEnds(copy.path, context)
  if ('trouble' in ends) return ends
  if (ends.bytes === 0) return { trouble: 'empty', detail: 'there is nothing in it' }
  if (!/^-- (MariaDB|MySQL) dump /m.test(ends.head))
    return {
      trouble: 'header-wrong',
      detail: 'it does not begin as a dump of MariaDB does (made with --skip-comments?)',
    }
  if (/^-- Dump completed/m.test(ends.tail)) return WHOLE
  return { trouble: 'truncated', detail: 'its last line "Dump completed" is missing' }
}

const EMPTY_SERVER_BYTES = 160 * 1024 * 1024
/** Rows and their indexes in a database, beside the length of their text in a dump. */
const GROWTH = 2.5

/** Restores the newest dump that looks good into a server of its own, and counts its rows. */
async function restoreMariadbDump(place: Place, context: RestoreContext): Promise<Restored> {
  const { scratch, serverUser: user, signal, progress } = context
  const newest = await newestGood(place, context, KIND)
  if ('trouble' in newest) return newest
  const programs = await findMariadb()
  if (programs === undefined)
    return { trouble: 'tool-missing', detail: 'no server of MariaDB is installed here (mariadbd, mariadb-install-db)' }
  const ends = await readEnds(newest.path, context)
  if ('trouble' in ends) return { trouble: ends.trouble ?? 'damaged', detail: ends.detail }
  const room = await roomFor(EMPTY_SERVER_BYTES + ends.bytes * GROWTH, scratch)
  if (room !== undefined) return room

  progress(`starting a MariaDB of its own in ${scratch}`)
  const directory = join(scratch, 'db')
  await mkdir(directory, { mode: 0o700 })
  if (user !== undefined) await chown(directory, user.uid, user.gid)
  const server = await startMariadb({ programs, directory, user, signal })
  if (server.trouble !== null) return server
  try {
    progress(`restoring ${newest.name}`)
    const trouble = await load(newest, server, signal)
    if (trouble !== undefined) return trouble
    progress('counting rows')
    const counted = await countMariadbRows(server)
    if (counted.trouble !== null) return counted
    if (counted.databases.length === 0)
      return { trouble: 'content-wrong', detail: 'it restores without an error, and there is no table in it' }
    return {
      trouble: null,
      proof: {
        ...{ scope: 'all', copyId: newest.name, copyTakenAt: Math.round(newest.changedAt), files: 1 },
        ...{ bytes: newest.bytes, checksumsHeld: ends.checksumHeld ? 1 : 0, databases: counted.databases },
      },
    }
  } finally {
    await server.stop()
  }
}

/** Rights can't be set in a server that has none, and nobody needs them to read the rows. */
const NO_MATTER = /^ERROR (1290|1396|1133)\b.*(skip-grant-tables|user|role)/i

async function load(copy: PlacedCopy, server: ScratchMariadb, signal: AbortSignal): Promise<Trouble | undefined> {
  const database = 'restored'
  const created = await server.ask(`create database ${database};`)
  if (created.ended !== 'itself' || created.code !== 0) return troubleOf(created, { signs: MARIADB_SIGNS })
  const { stream } = await openUnpacked(copy.path, { signal })
  const broken = watched(stream)
  const end = await server.feed(database, stream)
  const fault = broken()
  if (fault !== undefined) return { trouble: fault.trouble, detail: fault.message }
  if (end.ended !== 'itself') return troubleOf(end, { signs: MARIADB_SIGNS })
  const errors = end.stderr.split('\n').filter(line => /^ERROR\b/.test(line) && !NO_MATTER.test(line))
  if (errors.length === 0 && end.code <= 1) return undefined
  const { trouble, detail } = troubleOf(end, {
    signs: [...MARIADB_SIGNS, [/server has gone away|lost connection/i, 'damaged']],
  })
  const words = errors.length > 0 ? `${errors.length} errors, the first: ${errors[0]}` : detail
  return { trouble: trouble === 'command-failed' ? 'content-wrong' : trouble, detail: words }
}
