// Brings files of an archive back and holds each against the length and the SHA-256 that Borg tells of it.
import type { RestoreContext, Restored } from '../backup-tool.ts'
import { createHeldFiles } from '../held-files.ts'
import { createLines } from '../lines.ts'
import type { Trouble } from '../program-trouble.ts'
import { roomFor } from '../room.ts'
import { bytesOf, createSample, type SampleSize } from '../sample.ts'
import type { Archive } from './archives.ts'
import type { Borg } from './borg-program.ts'

export async function restoreFromBorg(
  borg: Borg,
  size: SampleSize,
  archive: Archive,
  { scratch, scope, progress }: RestoreContext,
): Promise<Restored> {
  const at = `::${archive.name}`
  const sample = createSample(size, Math.random)
  progress('choosing files')
  let [files, bytes] = [0, 0]
  const listed = await listItems(borg, ['--format={size}', at], item => {
    files += 1
    bytes += item.bytes
    sample.take(item)
  })
  if (listed !== undefined) return listed
  if (files === 0) return { trouble: 'empty', detail: 'the archive has no file' }
  // "pf:" is one whole path: nothing in it is a pattern.
  const chosen = scope === 'sample' ? sample.chosen() : []
  const paths = chosen.map(({ path }) => `pf:${path}`)
  const noRoom = await roomFor(scope === 'sample' ? bytesOf(chosen) : bytes, scratch)
  if (noRoom !== undefined) return noRoom

  progress('restoring files')
  const end = await borg.run(['extract', at, ...paths], { cwd: scratch })
  // 1 is a warning: Borg 1.2 says of each such path that nothing matched it. Whether all came is seen below.
  if (end.ended !== 'itself' || end.code > 1) return borg.troubleOf(end)

  progress('holding files against their checksums')
  const held = createHeldFiles(scratch)
  const summed = await listItems(borg, ['--format={size}{sha256}', at, ...paths], held.hold)
  if (summed !== undefined) return summed
  const found = held.found()
  if (found.wrongCount > 0) return { trouble: 'damaged', detail: found.wrong.join('; ') }
  if (found.files < paths.length || found.files === 0)
    return { trouble: 'damaged', detail: `${found.files} of ${paths.length || files} files came back` }
  return {
    trouble: null,
    proof: {
      ...{ scope, copyId: archive.name, copyTakenAt: archive.takenAt, databases: [] },
      ...{ files: found.files, bytes: found.bytes, checksumsHeld: found.checksumsHeld },
    },
  }
}

type Item = { path: string; bytes: number; sha256?: string }

/** Shows each regular file to `take`; trouble, or undefined when all were shown. */
async function listItems(
  borg: Borg,
  args: readonly string[],
  take: (item: Item) => void,
): Promise<Trouble | undefined> {
  let trouble: Trouble | undefined
  const lines = createLines(line => {
    const item = itemOf(line)
    if (item === undefined) trouble ??= { trouble: 'answer-unreadable', detail: 'a line of list is no item' }
    // Repaired by zeros in place of what is lost.
    else if (item.healthy === false) trouble ??= { trouble: 'damaged', detail: `${item.path} has lost parts` }
    else if (item.type === '-') take({ path: item.path, bytes: item.size ?? 0, ...hashOf(item) })
  })
  const end = await borg.run(['list', '--json-lines', ...args], { onOutput: lines.take })
  lines.end()
  if (end.ended !== 'itself' || end.code > 1) return borg.troubleOf(end)
  return trouble
}

type Told = { type?: string; path: string; size?: number; sha256?: string; healthy?: boolean }

const hashOf = ({ sha256 }: Told): { sha256?: string } => (sha256 ? { sha256 } : {})

function itemOf(line: string): Told | undefined {
  try {
    const item: Told = JSON.parse(line)
    return typeof item.path === 'string' ? item : undefined
  } catch {
    return undefined
  }
}
