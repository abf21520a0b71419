// Holds what came back against what the tool had listed: there, as long as it was, and of the same checksum. In the process
// of one restore test, so reading may block.
import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readSync } from 'node:fs'
import { resolve, sep } from 'node:path'

export type ListedFile = { path: string; bytes: number; sha256?: string }

export type HeldFiles = {
  hold(file: ListedFile): void
  found(): Found
}
export type Found = {
  files: number
  bytes: number
  checksumsHeld: number
  wrongCount: number
  /** The first few in words. */
  wrong: string[]
}

const MOST_NAMED = 5

export function createHeldFiles(scratch: string): HeldFiles {
  const folder = resolve(scratch)
  const found: Found = { files: 0, bytes: 0, checksumsHeld: 0, wrongCount: 0, wrong: [] }
  const report = (path: string, what: string): void => {
    found.wrongCount += 1
    if (found.wrong.length < MOST_NAMED) found.wrong.push(`${path} ${what}`)
  }
  return {
    hold({ path, bytes, sha256 }) {
      // A name that is no UTF-8 can't be told in JSON; the tool's own verification has it.
      if (path.includes('\uFFFD')) return
      const at = resolve(folder, `.${sep}${path}`)
      if (!at.startsWith(folder + sep)) return report(path, 'is outside of what was restored')
      const stat = lstatSync(at, { throwIfNoEntry: false })
      if (stat?.isFile() !== true) return report(path, 'did not come back')
      if (stat.size !== bytes) return report(path, `has ${stat.size} bytes instead of ${bytes}`)
      if (sha256 !== undefined) {
        if (sha256OfFile(at) !== sha256) return report(path, 'has another checksum')
        found.checksumsHeld += 1
      }
      found.files += 1
      found.bytes += bytes
    },
    found: () => found,
  }
}

function sha256OfFile(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(256 * 1024)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
