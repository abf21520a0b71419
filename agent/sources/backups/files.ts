// Copies that are plain files: archives in a folder, folders in a folder, or one tree.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupTool, LookContext } from './backup-tool.ts'
import { checksumsOfFolder } from './checksums.ts'
import { PLACE_FIELDS, type Place, type PlacedCopy, placeFields } from './copies-in-place.ts'
import { type Ends, type Kind, lookAtDumps, newestGood, readEnds, type Verdict, WHOLE } from './dump-look.ts'
import { choiceField, type Fields, refuseOthers } from './fields.ts'
import { SAMPLE_FIELDS, type SampleSize, sampleFields } from './sample.ts'
import { restoreFile, restoreTree } from './tree-restore.ts'

type FilesJob = Place & SampleSize & { copy: 'file' | 'folder' | 'tree' }

export const files: BackupTool<FilesJob> = {
  name: 'files',
  parse(fields: Fields) {
    refuseOthers(fields, [...PLACE_FIELDS, ...SAMPLE_FIELDS, 'copy'])
    const copy = choiceField(fields, 'copy', ['file', 'folder', 'tree'], 'file')
    return { ...placeFields(fields), ...sampleFields(fields), copy }
  },
  look: (job, context) => lookAtDumps(job, context, kindOf(job)),
  async restore(job, context) {
    const newest = await newestGood(job, context, kindOf(job))
    if ('trouble' in newest) return newest
    return newest.isFolder ? restoreTree(newest, job, context) : restoreFile(newest, context)
  },
}

function kindOf(job: FilesJob): Kind {
  return {
    isCopy: async (path, stats) => {
      if (job.copy === 'file') return stats.isFile()
      return stats.isDirectory() && (job.copy === 'tree') === (path === job.path)
    },
    judge: (copy, context) => (copy.isFolder ? judgeFolder(copy, job, context) : judgeFile(copy, job, context)),
  }
}

async function judgeFile(copy: PlacedCopy, { settleMs }: Place, context: LookContext): Promise<Verdict> {
  const ends = await readEnds(copy.path, context)
  if ('trouble' in ends) return ends
  if (ends.bytes === 0) return { trouble: 'empty', detail: 'there is nothing in it' }
  const told = judgeByItsEnd(ends)
  if (told !== undefined) return told
  // Nothing in it says where it should end: it is whole when nobody has written to it for a while, or its checksum fits.
  if (!ends.checksumHeld && context.now() - copy.changedAt < settleMs)
    return { trouble: 'incomplete', detail: `${copy.name} may still be growing` }
  return WHOLE
}

/** Of formats that say how long they are. Sources: POSIX ustar, APPNOTE of ZIP, "Database File Format" of SQLite. */
function judgeByItsEnd({ head, tail, bytes, isPacked }: Ends): Verdict | undefined {
  if (head.slice(257, 262) === 'ustar')
    return tail.endsWith('\0'.repeat(1024))
      ? WHOLE
      : { trouble: 'truncated', detail: 'the end of the archive is missing' }
  if (head.startsWith('PK\x03\x04'))
    return tail.includes('PK\x05\x06') ? WHOLE : { trouble: 'truncated', detail: 'the list of the archive is missing' }
  if (head.startsWith('SQLite format 3\0')) {
    const header = Buffer.from(head.slice(0, 100), 'latin1')
    const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
    const isTold = header.readUInt32BE(24) === header.readUInt32BE(92)
    if (isTold && bytes < header.readUInt32BE(28) * pageBytes)
      return { trouble: 'truncated', detail: 'the database has fewer pages than it says' }
    return undefined
  }
  // A packed stream that unpacked to its end was whole.
  return isPacked ? WHOLE : undefined
}

async function judgeFolder(copy: PlacedCopy, { settleMs }: Place, context: LookContext): Promise<Verdict> {
  if (copy.files === 0) return { trouble: 'empty', detail: `${copy.name} has no file` }
  for (const name of (await checksumsOfFolder(copy.path)).keys()) {
    const listed = await stat(join(copy.path, name)).catch(() => undefined)
    if (listed === undefined) return { trouble: 'incomplete', detail: `${name} is missing` }
    if (listed.size === 0 && copy.bytes === 0) return { trouble: 'empty', detail: `${copy.name} is empty` }
  }
  if (context.now() - copy.changedAt < settleMs)
    return { trouble: 'incomplete', detail: `${copy.name} may still be growing` }
  return WHOLE
}
