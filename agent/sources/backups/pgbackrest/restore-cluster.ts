// Brings the newest backup back whole, lets PostgreSQL recover it to where it is consistent, and counts the rows of every
// table. A cluster can't be opened from some of its files: a sample of it is all of it.
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram } from '../../../platform/find-program.ts'
import type { RestoreContext, Restored } from '../backup-tool.ts'
import { newestByNow } from '../clock-ahead.ts'
import { createLines } from '../lines.ts'
import { roomFor } from '../room.ts'
import { countRows, findPostgresql, startPostgresql } from '../scratch-postgresql.ts'
import type { Pgbackrest, User } from './pgbackrest-program.ts'
import type { Stanza } from './stanza.ts'

export async function restoreCluster(
  pgbackrest: Pgbackrest,
  chosen: string | undefined,
  { backups, version }: Stanza,
  { scratch, progress, signal, now }: RestoreContext,
): Promise<Restored> {
  const whole = backups.filter(({ trouble }) => trouble !== 'incomplete')
  const newest = newestByNow(whole, now())
  if (newest === undefined) return { trouble: 'incomplete', detail: 'no backup has the WAL that it needs' }
  const binaries = await binariesOf(chosen, version)
  if (binaries === undefined)
    return { trouble: 'tool-missing', detail: `there is no PostgreSQL ${version} on this machine to open it with` }
  const noRoom = await roomFor(newest.bytes ?? 0, scratch)
  if (noRoom !== undefined) return noRoom
  const { user } = pgbackrest
  const folders = await makeFolders(scratch, user)

  progress('restoring the cluster')
  let [files, checksumsHeld] = [0, 0]
  const lines = createLines(line => {
    if (!/\brestore file /.test(line)) return
    files += 1
    if (/ checksum [0-9a-f]{40,}/.test(line)) checksumsHeld += 1
  })
  const end = await pgbackrest.run(
    [
      ...['--log-level-console=detail', `--pg1-path=${folders.data}`, `--set=${newest.label}`],
      // Else files of tablespaces go to where those of the real cluster are.
      `--tablespace-map-all=${folders.tablespaces}`,
      // A backup of the real cluster that runs meanwhile is not in its way.
      `--lock-path=${folders.lock}`,
      ...['--type=immediate', '--target-action=promote', '--archive-mode=off', 'restore'],
    ],
    lines.take,
  )
  lines.end()
  if (end.ended !== 'itself' || end.code !== 0) return pgbackrest.troubleOf(end)

  progress('opening the databases')
  const settings = await ownSettings(folders.data, user)
  const server = await startPostgresql({
    ...{ binaries, dataDirectory: folders.data, socketDirectory: folders.socket, user, signal, settings },
  })
  if (server.trouble !== null)
    return server.trouble === 'command-failed' ? { ...server, trouble: 'content-wrong' } : server
  try {
    progress('counting rows')
    const counted = await countRows(server)
    if (counted.trouble !== null) return counted
    return {
      trouble: null,
      proof: {
        ...{ scope: 'all', copyId: newest.label, copyTakenAt: newest.takenAt, files, bytes: newest.bytes ?? 0 },
        ...{ checksumsHeld, databases: counted.databases },
      },
    }
  } finally {
    await server.stop()
  }
}

async function binariesOf(chosen: string | undefined, version: string): Promise<string | undefined> {
  const folder = chosen ?? `/usr/lib/postgresql/${version}/bin`
  if ((await findProgram([join(folder, 'postgres')])) !== undefined) return folder
  return chosen === undefined ? findPostgresql() : undefined
}

async function makeFolders(scratch: string, user: User | undefined) {
  const folders = {
    ...{ data: join(scratch, 'data'), tablespaces: join(scratch, 'tablespaces'), socket: join(scratch, 's') },
    lock: join(scratch, 'lock'),
  }
  if (user !== undefined) await chown(scratch, user.uid, user.gid)
  for (const folder of Object.values(folders)) {
    await mkdir(folder, { mode: 0o700 })
    if (user !== undefined) await chown(folder, user.uid, user.gid)
  }
  return folders
}

/** What the real cluster has in its files may point at the real machine: ports, keys, libraries, who may connect. */
async function ownSettings(data: string, user: User | undefined): Promise<string[]> {
  const files = {
    'postgresql.conf': '',
    'pg_hba.conf': 'local all all trust\n',
    'pg_ident.conf': '',
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(data, name)
    await writeFile(path, text, { mode: 0o600 })
    if (user !== undefined) await chown(path, user.uid, user.gid)
  }
  return [
    `hba_file=${join(data, 'pg_hba.conf')}`,
    `ident_file=${join(data, 'pg_ident.conf')}`,
    // Then nobody gets in before it is recovered, and limits of the real one need not be met.
    'hot_standby=off',
  ]
}
