// Brings files back into scratch as after a loss, and looks at what came.
import { copyFile, mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BACKUP_LIMITS } from '../../../protocol/backup-words.ts'
import type { RestoreProof } from '../../../protocol/backups.ts'
import type { RestoreContext, Restored } from './backup-tool.ts'
import { checksumsOfFolder, knownChecksum, sha256Of } from './checksums.ts'
import { filesBelow, type PlacedCopy } from './copies-in-place.ts'
import { createHeldFiles, type ListedFile } from './held-files.ts'
import { type Trouble, troubleOf } from './program-trouble.ts'
import { roomFor } from './room.ts'
import { runProgram } from './run-program.ts'
import { createSample, type SampleSize } from './sample.ts'
import { countSqliteRows, isSqlite } from './sqlite-rows.ts'
import { firstBytes, openUnpacked, packingOf, watched } from './unpack.ts'

/** What an archive may hold for each byte of it, packed or not. */
const UNPACKED_GROWTH = { none: 1, packed: 5 } as const

/** Copies a folder, or a sample of it, and holds each file against its checksum, or against where it came from. */
export async function restoreTree(copy: PlacedCopy, size: SampleSize, context: RestoreContext): Promise<Restored> {
  const { scratch, scope, signal, progress } = context
  const known = await checksumsOfFolder(copy.path)
  const sample = createSample(
    scope === 'all' ? { sampleFiles: Number.MAX_SAFE_INTEGER, sampleBytes: Number.MAX_SAFE_INTEGER } : size,
    Math.random,
  )
  for await (const { name, stats } of filesBelow(copy.path)) sample.take({ path: name, bytes: stats.size })
  const chosen = sample.chosen()
  if (chosen.length === 0) return { trouble: 'empty', detail: `${copy.name} has no file` }
  const room = await roomFor(
    chosen.reduce((sum, { bytes }) => sum + bytes, 0),
    scratch,
  )
  if (room !== undefined) return room
  progress(`restoring ${chosen.length} files of ${copy.files}`)
  const held: ListedFile[] = []
  for (const { path, bytes } of chosen) {
    if (signal.aborted) return { trouble: 'timeout', detail: 'it took too long' }
    await bringBack(join(copy.path, path), join(scratch, path))
    held.push({ path, bytes, sha256: known.get(path) ?? (await sha256Of(join(copy.path, path), signal)) })
  }
  const checksumsHeld = held.filter(({ path }) => known.has(path)).length
  return inspected(copy, held, checksumsHeld, scope, context)
}

/** Copies one file, opens it when it is an archive, and looks at what is in it. */
export async function restoreFile(copy: PlacedCopy, context: RestoreContext): Promise<Restored> {
  const { scratch, signal, progress } = context
  const head = await firstBytes(copy.path, 512)
  const growth = packingOf(head) === 'none' ? UNPACKED_GROWTH.none : UNPACKED_GROWTH.packed
  const room = await roomFor(copy.bytes * (1 + growth), scratch)
  if (room !== undefined) return room
  progress(`restoring ${copy.name}`)
  const name = basename(copy.path)
  const known = await knownChecksum(copy.path)
  await bringBack(copy.path, join(scratch, 'copy', name))
  const own = { path: join('copy', name), bytes: copy.bytes, sha256: known ?? (await sha256Of(copy.path, signal)) }
  const checksumsHeld = known === undefined ? 0 : 1
  if (!(await isTar(copy.path, signal))) return inspected(copy, [own], checksumsHeld, 'all', context)

  progress('unpacking it')
  const into = join(scratch, 'unpacked')
  await mkdir(into)
  const { stream } = await openUnpacked(join(scratch, 'copy', name), { signal })
  const broken = watched(stream)
  const args = ['-x', '--no-same-owner', '--no-same-permissions', '-f', '-', '-C', into]
  const end = await runProgram('tar', args, { signal, input: stream })
  const fault = broken()
  if (fault !== undefined) return { trouble: fault.trouble, detail: fault.message }
  if (end.ended !== 'itself' || end.code !== 0)
    return troubleOf(end, {
      signs: [
        [/unexpected eof/i, 'truncated'],
        [/checksum|not look like|skipping to next/i, 'damaged'],
      ],
    })
  const inside = await checksumsOfFolder(into)
  const files: ListedFile[] = []
  for await (const { name: inner, stats } of filesBelow(into)) {
    const sha256 = inside.get(inner)
    files.push({ path: join('unpacked', inner), bytes: stats.size, ...(sha256 && { sha256 }) })
  }
  for (const listed of inside.keys())
    if (!files.some(({ path }) => path === join('unpacked', listed)))
      return { trouble: 'incomplete', detail: `${listed} stands in its list of checksums and is not in it` }
  if (files.length === 0) return { trouble: 'empty', detail: `${copy.name} unpacks to nothing` }
  return inspected(
    copy,
    [...files, own],
    checksumsHeld + files.filter(({ sha256 }) => sha256).length,
    'all',
    context,
    1,
  )
}

/** `notCounted` files are only the wrapping. */
async function inspected(
  copy: PlacedCopy,
  files: readonly ListedFile[],
  checksumsHeld: number,
  scope: RestoreProof['scope'],
  { scratch, progress }: RestoreContext,
  notCounted = 0,
): Promise<Restored> {
  progress(`holding ${files.length} files against their checksums`)
  const held = createHeldFiles(scratch)
  for (const file of files) held.hold(file)
  const { wrong, wrongCount } = held.found()
  if (wrongCount > 0) return { trouble: 'checksum-wrong', detail: `${wrongCount} files, the first: ${wrong[0]}` }
  const databases: RestoreProof['databases'] = []
  for (const { path } of files) {
    if (databases.length === BACKUP_LIMITS.databases || !(await isSqlite(join(scratch, path)))) continue
    const counted: Trouble | RestoreProof['databases'][number] = countSqliteRows(join(scratch, path), path)
    if ('trouble' in counted) return counted
    databases.push(counted)
  }
  const counted = files.slice(0, files.length - notCounted)
  return {
    trouble: null,
    proof: {
      ...{ scope, copyId: copy.name, copyTakenAt: Math.round(copy.changedAt), files: counted.length, checksumsHeld },
      ...{ bytes: counted.reduce((sum, { bytes }) => sum + bytes, 0), databases },
    },
  }
}

async function bringBack(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await copyFile(from, to)
}

async function isTar(path: string, signal: AbortSignal): Promise<boolean> {
  const { stream } = await openUnpacked(path, { signal })
  try {
    for await (const part of stream as AsyncIterable<Buffer>)
      return part.subarray(257, 262).toString('latin1') === 'ustar'
    return false
  } finally {
    stream.destroy()
  }
}
