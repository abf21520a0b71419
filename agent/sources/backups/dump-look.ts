// Dumps of databases that lie in files: each new one is read whole once, what it says about itself is remembered.

import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import type { SeenCopy } from '../../../protocol/backups.ts'
import type { Look, LookContext, RestoreContext } from './backup-tool.ts'
import { knownChecksum } from './checksums.ts'
import { copiesIn, type Place, type PlacedCopy } from './copies-in-place.ts'
import type { Trouble } from './program-trouble.ts'
import { troubleOfError } from './system-trouble.ts'
import { openUnpacked, UnpackError } from './unpack.ts'

/** `null`: whole, as far as it can be read from outside. */
export type Verdict = { trouble: BackupTrouble | null; detail: string }

/** The beginning and the end of what a file holds, unpacked, and how long that is. */
export type Ends = { head: string; tail: string; bytes: number; checksumHeld: boolean; isPacked: boolean }

export const WHOLE: Verdict = { trouble: null, detail: '' }
const HEAD_BYTES = 4 * 1024
const TAIL_BYTES = 8 * 1024
/** So many of the newest are read whole, and on until one is good. What was read before is not read again. */
const READ_AT_LEAST = 3

export type Kind = {
  /** Whether this is a copy: a file, or a folder that is one in many files. */
  isCopy: (path: string, stats: Stats) => Promise<boolean>
  /** Reads one whole. */
  judge: (copy: PlacedCopy, context: LookContext) => Promise<Verdict>
}

/** Looks at all dumps of a place. An older one counts as it was found when it was new. */
export async function lookAtDumps(place: Place, context: LookContext, { isCopy, judge }: Kind): Promise<Look> {
  const found = await copiesIn(place, isCopy)
  if (found.trouble !== null) return found
  const copies: SeenCopy[] = []
  let read = 0
  let good = 0
  for (const copy of found.copies) {
    const mustRead = read < READ_AT_LEAST || good === 0
    const { trouble } = mustRead ? await judgeOnce(copy, place, context, judge) : older(copy, place, context)
    if (context.signal.aborted) return { trouble: 'timeout', detail: `${copy.name} could not be read whole in time` }
    read += 1
    if (trouble === null) good += 1
    copies.push({ id: copy.name, takenAt: copy.changedAt, bytes: copy.bytes, tookMs: null, trouble })
  }
  return {
    trouble: null,
    copies,
    copyCount: copies.length,
    oldestAt: copies.at(-1)?.takenAt ?? null,
    verifiedAt: null,
  }
}

/** The newest that looks good; where none does, what is wrong with the newest of all. */
export async function newestGood(
  place: Place,
  context: RestoreContext,
  { isCopy, judge }: Kind,
): Promise<PlacedCopy | Trouble> {
  context.progress(`looking for the newest copy in ${place.path}`)
  const found = await copiesIn(place, isCopy)
  if (found.trouble !== null) return found
  let first: Trouble | undefined
  for (const copy of found.copies) {
    const { trouble, detail } = await judgeOnce(copy, place, context, judge)
    if (trouble === null) return copy
    first ??= { trouble, detail: `${copy.name}: ${detail}` }
  }
  return first ?? { trouble: 'nothing-there', detail: 'there is no copy' }
}

/** What was found before counts while the file is the same. */
async function judgeOnce(copy: PlacedCopy, place: Place, context: LookContext, judge: Kind['judge']): Promise<Verdict> {
  const known = remembered(copy, context)
  if (known !== undefined) return known
  const verdict = tooSmall(copy, place) ?? (await withoutThrowing(() => judge(copy, context)))
  if (context.signal.aborted) return verdict
  // A writer may still be at it: not good, and not broken either.
  const isFresh = context.now() - copy.changedAt < place.settleMs
  if (isFresh && (verdict.trouble === 'truncated' || verdict.trouble === 'empty'))
    return { trouble: 'incomplete', detail: `${copy.name} is still being written` }
  // What could not be read now may be readable next time.
  const isLasting = ['permission-denied', 'unreachable', 'tool-missing', 'disk-full', 'incomplete'].every(
    now => now !== verdict.trouble,
  )
  if (isLasting) context.notes.set(copy.path, `${stampOf(copy)} ${verdict.trouble ?? 'good'} ${verdict.detail}`)
  return verdict
}

const stampOf = ({ bytes, changedAt }: PlacedCopy): string => `${bytes}:${changedAt}`

function remembered(copy: PlacedCopy, { notes }: LookContext): Verdict | undefined {
  const note = notes.get(copy.path)
  const [stamp, word, ...detail] = note?.split(' ') ?? []
  if (note === undefined || stamp !== stampOf(copy) || word === undefined) return undefined
  notes.set(copy.path, note)
  return { trouble: word === 'good' ? null : (word as BackupTrouble), detail: detail.join(' ') }
}

/** Not read any more: it counts as it was found, and for what can be seen of it where it never was. */
function older(copy: PlacedCopy, place: Place, context: LookContext): Verdict {
  return remembered(copy, context) ?? tooSmall(copy, place) ?? WHOLE
}

function tooSmall({ bytes, name }: PlacedCopy, { leastBytes }: Place): Verdict | undefined {
  if (bytes === 0) return { trouble: 'empty', detail: `${name} is empty` }
  if (bytes < leastBytes) return { trouble: 'truncated', detail: `${name} is smaller than the job's line "least"` }
  return undefined
}

async function withoutThrowing(judge: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await judge()
  } catch (error) {
    if (error instanceof UnpackError) return { trouble: error.trouble, detail: error.message }
    return troubleOfError(error)
  }
}

/** Reads a file whole, unpacked; holds it against the checksum beside it, where there is one. */
export async function readEnds(path: string, { signal }: { signal: AbortSignal }): Promise<Ends | Verdict> {
  const known = await knownChecksum(path)
  const hash = createHash('sha256')
  const { packing, stream } = await openUnpacked(path, {
    signal,
    ...(known === undefined ? {} : { onRaw: part => hash.update(part) }),
  })
  let head = Buffer.alloc(0)
  let tail = Buffer.alloc(0)
  let bytes = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, part.subarray(0, HEAD_BYTES - head.length)])
    tail = Buffer.concat([tail, part.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES)
    bytes += part.length
  }
  if (known !== undefined && hash.digest('hex') !== known)
    return { trouble: 'checksum-wrong', detail: 'it has another checksum than the one beside it' }
  return {
    head: head.toString('latin1'),
    tail: tail.toString('latin1'),
    bytes,
    checksumHeld: known !== undefined,
    isPacked: packing !== 'none',
  }
}
