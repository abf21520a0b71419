// Files by the hash of what is in them: the same bytes are kept once, and a changed byte shows.
import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newId } from '../platform/ids.ts'

export type Blobs = {
  /** On the disk when it returns. Answers the SHA-256 (hex). */
  put(content: Buffer, at: number): Promise<string>
  /** Null when the file is gone, `damaged` when its bytes are not those of its hash. */
  get(sha256: string): Promise<Buffer | 'damaged' | null>
}

/** `directory` is made when something is first kept; readable by the owner only. */
export function createBlobs(deps: { directory: string }): Blobs {
  const pathOf = (sha256: string) => join(deps.directory, sha256.slice(0, 2), sha256)
  return {
    async put(content, at) {
      const sha256 = hashOf(content)
      const path = pathOf(sha256)
      if (await exists(path)) return sha256
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      // Whole under its name, or not there at all.
      const unfinished = `${path}.${newId(at)}`
      const file = await open(unfinished, 'wx', 0o600)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, path)
      return sha256
    },
    async get(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return null
      try {
        const content = await readFile(pathOf(sha256))
        return hashOf(content) === sha256 ? content : 'damaged'
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
