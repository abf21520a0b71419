// Checksums that were written beside copies when they were made, as sha256sum(1) has them.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const LISTS = ['SHA256SUMS', 'sha256sums.txt', 'SHA256SUMS.txt', 'sha256sums']
const LONGEST_LIST_BYTES = 64 * 1024 * 1024

/** The checksum that stands beside a file: in NAME.sha256, or in the list of its folder. Undefined when there is none. */
export async function knownChecksum(path: string): Promise<string | undefined> {
  const name = basename(path)
  for (const own of [`${path}.sha256`, `${path}.sha256sum`]) {
    const list = await readChecksums(own)
    if (list !== undefined) return list.get(name) ?? (list.size === 1 ? [...list.values()][0] : undefined)
  }
  return (await checksumsOfFolder(dirname(path))).get(name)
}

/** Of all files of a folder, by their name below it. */
export async function checksumsOfFolder(folder: string): Promise<Map<string, string>> {
  for (const list of LISTS) {
    const found = await readChecksums(join(folder, list))
    if (found !== undefined) return found
  }
  return new Map()
}

/** Undefined when there is no such list. A bare checksum has the name "". */
async function readChecksums(path: string): Promise<Map<string, string> | undefined> {
  const stats = await stat(path).catch(() => undefined)
  if (stats === undefined || !stats.isFile() || stats.size > LONGEST_LIST_BYTES) return undefined
  const found = new Map<string, string>()
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [, sum, name = ''] = /^\\?([0-9a-f]{64})(?:[ \t]+\*?(.*))?$/i.exec(line.trim()) ?? []
    if (sum !== undefined) found.set(name.replace(/^\.\//, ''), sum.toLowerCase())
  }
  return found
}

export async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path, { highWaterMark: 256 * 1024, signal })) hash.update(part)
  return hash.digest('hex')
}
