import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces a file whole or not at all, also when power fails: temporary file, fsync, rename, fsync of the folder. */
export async function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const handle = await open(temporary, 'w', mode)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a folder and those above it, unless the filesystem is read-only. */
export async function makeFolder(path: string): Promise<'there' | 'read-only'> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    return 'there'
  } catch (error) {
    // Node says ENOENT where it could not make the folder above.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) orReadOnly(error)
    return 'read-only'
  }
}

/** For `catch`: undefined where the filesystem is read-only, any other error goes on. */
export function orReadOnly(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'EROFS')) throw error
}

/** Makes names that were created, renamed or removed in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
