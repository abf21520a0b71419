// What pg_dump and pg_dumpall write, in all of their formats. Source: the manual of PostgreSQL, "pg_dump", and
// src/bin/pg_dump/pg_backup_archiver.c for the first bytes.
import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LookContext } from './backup-tool.ts'
import type { PlacedCopy } from './copies-in-place.ts'
import { type Ends, readEnds, type Verdict, WHOLE } from './dump-look.ts'
import { troubleOf } from './program-trouble.ts'
import { runProgram } from './run-program.ts'
import { findPostgresql } from './scratch-postgresql.ts'
import { firstBytes, openUnpacked } from './unpack.ts'

/** A file, or a folder as pg_dump writes it with --format=directory. */
export async function isPostgresqlDump(path: string, stats: Stats): Promise<boolean> {
  if (stats.isFile()) return true
  const toc = await stat(join(path, 'toc.dat')).catch(() => undefined)
  return toc?.isFile() === true
}

export type DumpFormat = 'plain' | 'custom' | 'tar' | 'directory'

/** By the first bytes, unpacked. */
export function formatOf(head: string): DumpFormat | undefined {
  if (head.startsWith('PGDMP')) return 'custom'
  if (head.startsWith('toc.dat') && head.slice(257, 262) === 'ustar') return 'tar'
  return /^-- PostgreSQL database (cluster )?dump\s*$/m.test(head) ? 'plain' : undefined
}

export async function judgePostgresqlDump(copy: PlacedCopy, context: LookContext): Promise<Verdict> {
  if (copy.isFolder) {
    const head = (await firstBytes(join(copy.path, 'toc.dat'), 5)).toString('latin1')
    if (head !== 'PGDMP')
      return { trouble: head === '' ? 'truncated' : 'header-wrong', detail: 'toc.dat is no list of a dump' }
    return readArchive(copy.path, 'directory', context)
  }
  const ends = await readEnds(copy.path, context)
  if ('trouble' in ends) return ends
  const format = formatOf(ends.head)
  if (format === 'plain') return judgePlain(ends)
  // pg_restore waits for ever for the end of a cut one.
  if (format === 'tar') return judgeTar(ends)
  if (format !== undefined) return readArchive(copy.path, format, context)
  if (ends.bytes === 0) return { trouble: 'empty', detail: 'there is nothing in it' }
  return { trouble: 'header-wrong', detail: 'it does not begin as a dump of PostgreSQL does' }
}

function judgePlain({ tail }: Ends): Verdict {
  if (/^-- PostgreSQL database (cluster )?dump complete\s*$/m.test(tail)) return WHOLE
  return { trouble: 'truncated', detail: 'its last line "dump complete" is missing' }
}

function judgeTar({ tail }: Ends): Verdict {
  if (tail.endsWith('\0'.repeat(1024))) return WHOLE
  return { trouble: 'truncated', detail: 'the end of the archive is missing' }
}

/** Has pg_restore read all of it, to nowhere. Its list of contents alone stands at the beginning and proves nothing. */
async function readArchive(path: string, format: DumpFormat, { signal }: LookContext): Promise<Verdict> {
  const binaries = await findPostgresql()
  const program = binaries === undefined ? 'pg_restore' : join(binaries, 'pg_restore')
  const input = format === 'directory' ? undefined : (await openUnpacked(path, { signal })).stream
  const end = await runProgram(program, ['-f', '/dev/null', `--format=${format}`, ...(input ? [] : [path])], {
    signal,
    ...(input && { input }),
  })
  if (end.ended === 'itself' && end.code === 0) return WHOLE
  return troubleOf(end, {
    signs: [
      [/unsupported version/i, 'tool-missing'],
      [
        /end of file|unexpected end|could not (open|find).*(file|data|header)|no such file|too short|incomplete/i,
        'truncated',
      ],
      [/could not uncompress|checksum|corrupt|invalid|unrecognized|does not match|not.*found/i, 'damaged'],
    ],
    codes: {},
  })
}
