// Copies in a restic repository, read without a lock and without writing into it: a job in the middle of its backup is not
// disturbed, and a key that may only read is enough. https://restic.readthedocs.io/en/stable/075_scripting.html
import type { BackupTool, Look } from '../backup-tool.ts'
import { newestByNow } from '../clock-ahead.ts'
import { FieldError, type Fields, listField, optionalText, refuseOthers } from '../fields.ts'
import { SAMPLE_FIELDS, type SampleSize, sampleFields } from '../sample.ts'
import { sizesOf } from '../sizes.ts'
import { openRestic, RESTIC_FIELDS, type ResticRepository, repositoryFields } from './restic-program.ts'
import { restoreFromRestic } from './restore-from-restic.ts'
import { type Filters, listSnapshots, newestFirst, type Snapshot } from './snapshots.ts'

export type ResticJob = ResticRepository &
  Filters &
  SampleSize & {
    /** How much of the packs a verification reads, e.g. "5%"; nothing when left out. */
    readData: string | undefined
  }

const FIELDS = [...RESTIC_FIELDS, 'hosts', 'tags', 'paths', 'readData', ...SAMPLE_FIELDS]
const READ_DATA = /^\d{1,3}(\.\d+)?%$|^\d+\/\d+$|^\d+[KMGTkmgt]$/
const TOTAL_SIZE = /"total_size":\s*(\d{1,15})\b/

export const restic: BackupTool<ResticJob> = {
  name: 'restic',
  parse,
  async look(job, context) {
    const opened = await openRestic(job, context.signal)
    if (opened.trouble !== null) return opened
    const listed = await listSnapshots(opened, job)
    if (listed.trouble !== null) return listed
    const snapshots = newestFirst(listed.snapshots)
    // restic before 0.17 keeps no size with a snapshot.
    const sizes = await sizesOf(
      snapshots.filter(({ bytes }) => bytes === null),
      { ...opened, ask: ({ id }) => opened.run(['stats', '--json', '--no-lock', id]), pattern: TOTAL_SIZE },
      context,
    )
    return sizes instanceof Map ? lookAt(snapshots, sizes) : sizes
  },
  async verify(job, { signal }) {
    const opened = await openRestic(job, signal)
    if (opened.trouble !== null) return opened
    const subset = job.readData === undefined ? [] : [`--read-data-subset=${job.readData}`]
    const end = await opened.run(['check', ...subset])
    if (end.ended !== 'itself' || end.code !== 0) return opened.troubleOf(end)
    return {
      trouble: null,
      detail: job.readData === undefined ? 'structure checked' : `${job.readData} of the data read`,
    }
  },
  async restore(job, context) {
    const opened = await openRestic(job, context.signal)
    if (opened.trouble !== null) return opened
    const listed = await listSnapshots(opened, job)
    if (listed.trouble !== null) return listed
    const newest = newestByNow(newestFirst(listed.snapshots), context.now())
    return restoreFromRestic(opened, job, newest, context)
  },
}

function parse(fields: Fields): ResticJob {
  refuseOthers(fields, FIELDS)
  const readData = optionalText(fields, 'readData')
  if (readData !== undefined && !READ_DATA.test(readData))
    throw new FieldError('readData', 'must be a share such as 5%, 1/10 or 500M')
  return {
    ...repositoryFields(fields),
    ...sampleFields(fields),
    hosts: listField(fields, 'hosts'),
    tags: listField(fields, 'tags'),
    paths: listField(fields, 'paths'),
    readData,
  }
}

function lookAt(snapshots: readonly Snapshot[], sizes: ReadonlyMap<string, number>): Look {
  return {
    trouble: null,
    copies: snapshots.map(({ id, takenAt, tookMs, bytes }) => {
      const size = bytes ?? sizes.get(id) ?? null
      return { id, takenAt, tookMs, bytes: size, trouble: size === 0 ? 'empty' : null }
    }),
    copyCount: snapshots.length,
    oldestAt: snapshots.at(-1)?.takenAt ?? null,
    verifiedAt: null,
  }
}
