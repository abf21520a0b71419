// A tree that rsync keeps. Its files have the times of where they came from, so when it was last brought up to date is told by
// rsync's own log, or by a file that is touched after each good run.
import { open, stat, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import type { BackupTool, LookContext, RestoreContext } from './backup-tool.ts'
import { copiesIn, filesBelow, ignoreGone, type PlacedCopy } from './copies-in-place.ts'
import { type Fields, optionalPath, pathField, refuseOthers } from './fields.ts'
import type { Trouble } from './program-trouble.ts'
import { lastRsyncRun } from './rsync-log.ts'
import { SAMPLE_FIELDS, type SampleSize, sampleFields } from './sample.ts'
import { troubleOfError } from './system-trouble.ts'
import { restoreTree } from './tree-restore.ts'

type RsyncJob = SampleSize & { path: string; log: string | undefined; stamp: string | undefined }

export const rsync: BackupTool<RsyncJob> = {
  name: 'rsync',
  parse(fields: Fields) {
    refuseOthers(fields, ['path', 'log', 'stamp', ...SAMPLE_FIELDS])
    const [log, stamp] = [optionalPath(fields, 'log'), optionalPath(fields, 'stamp')]
    return { path: pathField(fields, 'path'), log, stamp, ...sampleFields(fields) }
  },
  async look(job, context) {
    const seen = await lookAtTree(job, context)
    if ('detail' in seen) return seen
    const { tree, takenAt, tookMs, trouble } = seen
    const copy = { id: tree.name, takenAt, bytes: tree.bytes, tookMs, trouble }
    return { trouble: null, copies: [copy], copyCount: 1, oldestAt: takenAt, verifiedAt: null }
  },
  async restore(job, context: RestoreContext) {
    const seen = await lookAtTree(job, context)
    if ('detail' in seen) return seen
    if (seen.trouble !== null) return { trouble: seen.trouble, detail: seen.words }
    return restoreTree({ ...seen.tree, changedAt: seen.takenAt }, job, context)
  },
}

type Seen = { tree: PlacedCopy; takenAt: number; tookMs: number | null; trouble: BackupTrouble | null; words: string }

async function lookAtTree({ path, log, stamp }: RsyncJob, { signal }: LookContext): Promise<Seen | Trouble> {
  const found = await copiesIn({ path, match: undefined }, async at => at === path)
  if (found.trouble !== null) return found
  const [tree] = found.copies
  if (tree === undefined || tree.files === 0) return { trouble: 'nothing-there', detail: `${path} has no file` }
  const good = { tree: { ...tree, name: basename(path) }, tookMs: null, trouble: null, words: '' }
  try {
    if (log !== undefined) {
      const run = lastRsyncRun(await endOf(log))
      if (run === undefined) return { trouble: 'nothing-there', detail: `${log} tells of no run of rsync` }
      const { takenAt, tookMs, words } = run
      // The sender's log says "error in file IO" of a disk that is full where it wrote.
      const isFull = /\(code 11\)/.test(words) && (await usedRatio(path)) > NEARLY_FULL_RATIO
      return { ...good, takenAt, tookMs, words, trouble: isFull ? 'disk-full' : run.trouble }
    }
    if (stamp !== undefined) {
      const touched = await stat(stamp).catch(ignoreGone)
      if (touched === undefined)
        return { trouble: 'nothing-there', detail: `${stamp} is not there: no run has ended well` }
      return { ...good, takenAt: touched.mtimeMs }
    }
    // The time of the last change on this disk, which rsync can't set back: at least that new.
    let takenAt = 0
    for await (const { stats } of filesBelow(path)) {
      if (signal.aborted) return { trouble: 'timeout', detail: 'the tree could not be read in time' }
      takenAt = Math.max(takenAt, stats.ctimeMs)
    }
    return { ...good, takenAt }
  } catch (error) {
    return troubleOfError(error)
  }
}

const NEARLY_FULL_RATIO = 0.9

async function usedRatio(path: string): Promise<number> {
  const { blocks, bavail } = await statfs(path)
  return 1 - bavail / Math.max(1, blocks)
}

const KEPT_LOG_BYTES = 1024 * 1024

async function endOf(path: string): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, KEPT_LOG_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead).toString('utf8')
  } finally {
    await handle.close()
  }
}
