// Archives in a Borg repository. Borg takes a lock for looking too: its user must be able to write into the repository, and
// what is looked at while a backup runs waits for a while.
import type { BackupTool } from '../backup-tool.ts'
import { newestByNow } from '../clock-ahead.ts'
import { type Fields, flagField, optionalText, refuseOthers } from '../fields.ts'
import { SAMPLE_FIELDS, type SampleSize, sampleFields } from '../sample.ts'
import { sizesOf } from '../sizes.ts'
import { listArchives } from './archives.ts'
import { BORG_FIELDS, type BorgRepository, openBorg, repositoryFields } from './borg-program.ts'
import { restoreFromBorg } from './restore-from-borg.ts'

export type BorgJob = BorgRepository &
  SampleSize & {
    /** Which archives are this data set's, e.g. "warga-*"; all when left out. */
    archives: string | undefined
    /** Whether a verification reads and decrypts all data, not only their structure. */
    verifyData: boolean
  }

const FIELDS = [...BORG_FIELDS, 'archives', 'verifyData', ...SAMPLE_FIELDS]
const ORIGINAL_SIZE = /"original_size":\s*(\d{1,15})\b/

export const borg: BackupTool<BorgJob> = {
  name: 'borg',
  parse,
  async look(job, context) {
    const opened = await openBorg(job, context.signal)
    if (opened.trouble !== null) return opened
    const listed = await listArchives(opened, job.archives)
    if (listed.trouble !== null) return listed
    const { archives } = listed
    const sizes = await sizesOf(
      archives.filter(({ isCheckpoint }) => !isCheckpoint),
      { ...opened, ask: ({ name }) => opened.run(['info', '--json', `::${name}`]), pattern: ORIGINAL_SIZE },
      context,
    )
    if (!(sizes instanceof Map)) return sizes
    return {
      trouble: null,
      copies: archives.map(({ id, name, takenAt, tookMs, isCheckpoint }) => {
        const bytes = sizes.get(id) ?? null
        return { id: name, takenAt, tookMs, bytes, trouble: isCheckpoint ? 'incomplete' : bytes === 0 ? 'empty' : null }
      }),
      copyCount: archives.length,
      oldestAt: archives.at(-1)?.takenAt ?? null,
      verifiedAt: null,
    }
  },
  async verify(job, { signal }) {
    const opened = await openBorg(job, signal)
    if (opened.trouble !== null) return opened
    const end = await opened.run(['check', ...(job.verifyData ? ['--verify-data'] : [])])
    if (end.ended !== 'itself' || end.code !== 0) {
      const found = opened.troubleOf(end)
      // With code 1 it says what it found in a warning that has no name.
      return found.trouble === 'command-failed' && end.ended === 'itself' && end.code === 1
        ? { ...found, trouble: 'damaged' }
        : found
    }
    return { trouble: null, detail: job.verifyData ? 'all data read' : 'structure and segments checked' }
  },
  async restore(job, context) {
    const opened = await openBorg(job, context.signal)
    if (opened.trouble !== null) return opened
    const listed = await listArchives(opened, job.archives)
    if (listed.trouble !== null) return listed
    const whole = listed.archives.filter(({ isCheckpoint }) => !isCheckpoint)
    const newest = newestByNow(whole, context.now())
    if (newest === undefined) return { trouble: 'incomplete', detail: 'there are only checkpoints of interrupted runs' }
    return restoreFromBorg(opened, job, newest, context)
  },
}

function parse(fields: Fields): BorgJob {
  refuseOthers(fields, FIELDS)
  return {
    ...repositoryFields(fields),
    ...sampleFields(fields),
    archives: optionalText(fields, 'archives'),
    verifyData: flagField(fields, 'verifyData', false),
  }
}
