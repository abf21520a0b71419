// Brings files of the newest snapshot back. restic itself reads each of them again and holds it against the checksums of its
// blobs (`--verify`); beside that the list of the snapshot says which files must be there and how long they are.
import type { RestoreContext, Restored } from '../backup-tool.ts'
import { createHeldFiles, type ListedFile } from '../held-files.ts'
import { createLines } from '../lines.ts'
import type { Trouble } from '../program-trouble.ts'
import { roomFor } from '../room.ts'
import { bytesOf, createSample, type SampleSize } from '../sample.ts'
import type { Restic } from './restic-program.ts'
import type { Snapshot } from './snapshots.ts'

export async function restoreFromRestic(
  restic: Restic,
  size: SampleSize,
  newest: Snapshot | undefined,
  { scratch, scope, progress }: RestoreContext,
): Promise<Restored> {
  if (newest === undefined) return { trouble: 'nothing-there', detail: 'there is no snapshot' }
  const sample = createSample(size, Math.random)
  progress('choosing files')
  let bytes = 0
  const listed = await listFiles(restic, newest, file => {
    bytes += file.bytes
    sample.take(file)
  })
  if (listed !== undefined) return listed
  const chosen = sample.chosen()
  if (chosen.length === 0) return { trouble: 'empty', detail: 'the snapshot has no file' }
  const noRoom = await roomFor(scope === 'sample' ? bytesOf(chosen) : bytes, scratch)
  if (noRoom !== undefined) return noRoom

  progress('restoring files')
  const includes = scope === 'sample' ? chosen.map(({ path }) => `--include=${literally(path)}`) : []
  const end = await restic.run(['restore', newest.id, '--no-lock', '--verify', `--target=${scratch}`, ...includes])
  if (end.ended !== 'itself' || end.code !== 0) return restic.troubleOf(end)

  progress('holding files against the list')
  const held = createHeldFiles(scratch)
  if (scope === 'sample') for (const file of chosen) held.hold(file)
  else {
    const again = await listFiles(restic, newest, held.hold)
    if (again !== undefined) return again
  }
  const found = held.found()
  if (found.wrongCount > 0) return { trouble: 'damaged', detail: found.wrong.join('; ') }
  return {
    trouble: null,
    proof: {
      ...{ scope, copyId: newest.id, copyTakenAt: newest.takenAt, databases: [] },
      ...{ files: found.files, bytes: found.bytes },
      checksumsHeld: Math.min(found.files, verifiedIn(end.stdout)),
    },
  }
}

/** Shows each regular file of the snapshot to `take`; trouble, or undefined when all were shown. */
async function listFiles(
  restic: Restic,
  { id }: Snapshot,
  take: (file: ListedFile) => void,
): Promise<Trouble | undefined> {
  let unreadable = 0
  const lines = createLines(line => {
    const node = nodeOf(line)
    if (node === undefined) unreadable += 1
    else if (node.type === 'file') take({ path: String(node.path), bytes: node.size ?? 0 })
  })
  const end = await restic.run(['ls', '--json', '--no-lock', id], lines.take)
  lines.end()
  if (end.ended !== 'itself' || end.code !== 0) return restic.troubleOf(end)
  return unreadable > 0 ? { trouble: 'answer-unreadable', detail: `${unreadable} lines of ls` } : undefined
}

/** The first line tells of the snapshot and has no type. */
function nodeOf(line: string): { type?: string; path?: string; size?: number } | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** A path is a pattern to restic. */
const literally = (path: string): string => path.replace(/[\\*?[]/g, '\\$&')

function verifiedIn(output: string): number {
  const [, files] = /finished verifying (\d+) files/.exec(output) ?? []
  return Number(files ?? 0)
}
