// Copies in a restic repository, read without a lock and without writing into it: a job in the middle of its backup is not
// disturbed, and a key that may only read is enough. https://restic.readthedocs.io/en/stable/075_scripting.html
import type { BackupTool, Look, LookContext } from '../backup-tool.ts'
import { FieldError, type Fields, listField, optionalText, refuseOthers } from '../fields.ts'
import { SAMPLE_FIELDS, sampleFields } from '../sample.ts'
import { openRestic, RESTIC_FIELDS, type Restic, type ResticRepository, repositoryFields } from './restic-program.ts'
import { restoreFromRestic } from './restore-from-restic.ts'
import { listSnapshots, newestFirst, type Snapshot } from './snapshots.ts'

export type ResticJob = ResticRepository & {
  /** Filters as restic has them: of several hosts or tags one must fit, of several paths all. */
  hosts: string[]
  tags: string[]
  paths: string[]
  /** How much of the packs a verification reads, e.g. "5%"; nothing when left out. */
  readData: string | undefined
  sampleFiles: number
  sampleBytes: number
}

const FIELDS = [...RESTIC_FIELDS, 'hosts', 'tags', 'paths', 'readData', ...SAMPLE_FIELDS]
const READ_DATA = /^\d{1,3}(\.\d+)?%$|^\d+\/\d+$|^\d+[KMGTkmgt]$/
/** restic 0.14 keeps no size with a snapshot: it is asked for the newest ones, a few a look, and noted. */
const SIZES_PER_LOOK = 3
const SIZED_COPIES = 50

export const restic: BackupTool<ResticJob> = {
  name: 'restic',
  parse,
  async look(job, context) {
    const opened = await openRestic(job, context.signal)
    if (opened.trouble !== null) return opened
    const listed = await listSnapshots(opened, job)
    if (listed.trouble !== null) return listed
    const snapshots = newestFirst(listed.snapshots)
    const sized = await sizesOf(opened, snapshots, context)
    return sized instanceof Map ? lookAt(snapshots, sized) : sized
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
    return restoreFromRestic(opened, job, newestFirst(listed.snapshots), context)
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

/** Bytes a restore of each would give, as far as they are known by now. An index that can't be read is trouble. */
async function sizesOf(restic: Restic, snapshots: readonly Snapshot[], { notes, signal }: LookContext) {
  const sizes = new Map<string, number>()
  let asked = 0
  for (const { id, bytes } of snapshots.slice(0, SIZED_COPIES)) {
    if (bytes !== null) continue
    const key = `bytes:${id}`
    const noted = notes.get(key)
    if (noted !== undefined) sizes.set(id, Number(noted))
    else if (asked < SIZES_PER_LOOK && !signal.aborted) {
      asked += 1
      const end = await restic.run(['stats', '--json', '--no-lock', '--mode=restore-size', id])
      if (end.ended !== 'itself' || end.code !== 0) return restic.troubleOf(end)
      const size = sizeIn(end.stdout)
      if (size === undefined) return { trouble: 'answer-unreadable' as const, detail: 'stats gave no total_size' }
      sizes.set(id, size)
    }
    const size = sizes.get(id)
    if (size !== undefined) notes.set(key, String(size))
  }
  return sizes
}

function sizeIn(answer: string): number | undefined {
  const [, digits] = /"total_size":\s*(\d{1,15})\b/.exec(answer) ?? []
  return digits === undefined ? undefined : Number(digits)
}
