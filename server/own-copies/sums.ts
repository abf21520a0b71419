// Checksums of a copy, in the form of `sha256sum`, so that a copy can be checked wherever it was carried to.
import { createHash } from 'node:crypto'
import { open, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { SUMS } from './layout.ts'

const PIECE_BYTES = 1024 * 1024
const LINE = /^([0-9a-f]{64}) {2}(.+)$/

export type SummedFile = { path: string; sha256: string; bytes: number }

/** Reads every file back from the disk and notes its sum; all of it is on the disk when it returns. */
export async function writeSums(directory: string): Promise<{ files: number; bytes: number }> {
  const found: SummedFile[] = []
  for (const path of await filesIn(directory)) found.push({ path, ...(await sumOf(join(directory, path))) })
  const file = await open(join(directory, SUMS), 'wx', 0o600)
  try {
    await file.writeFile(found.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  for (const folder of new Set(found.map(({ path }) => dirname(path)))) await syncFolder(join(directory, folder))
  await syncFolder(directory)
  return { files: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) }
}

/** What does not hold, by the name of the file; `files` is what stands in the list. Null where there is no list. */
export async function checkSums(
  directory: string,
): Promise<{ files: SummedFile[]; faults: { path: string; fault: 'missing' | 'changed' | 'strange' }[] } | null> {
  const text = await readFile(join(directory, SUMS), 'utf8').catch(() => null)
  if (text === null) return null
  const files: SummedFile[] = []
  const faults: { path: string; fault: 'missing' | 'changed' | 'strange' }[] = []
  const listed = new Map<string, string>()
  for (const line of text.split('\n').filter(each => each !== '')) {
    const [, sha256, path] = LINE.exec(line) ?? []
    if (sha256 === undefined || path === undefined) faults.push({ path: SUMS, fault: 'changed' })
    else listed.set(path, sha256)
  }
  const present = new Set(await filesIn(directory))
  for (const [path, sha256] of listed) {
    if (!present.has(path)) {
      faults.push({ path, fault: 'missing' })
      continue
    }
    const found = await sumOf(join(directory, path))
    if (found.sha256 === sha256) files.push({ path, ...found })
    else faults.push({ path, fault: 'changed' })
  }
  for (const path of present) if (!listed.has(path)) faults.push({ path, fault: 'strange' })
  return { files, faults }
}

async function sumOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'r')
  try {
    await file.sync()
    for await (const piece of file.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false })) {
      hash.update(piece)
      bytes += piece.length
    }
  } finally {
    await file.close()
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** By path below `directory`, without the list itself. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(directory, join(entry.parentPath, entry.name)))
    .filter(path => path !== SUMS)
    .sort()
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
