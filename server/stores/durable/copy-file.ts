// A file copied whole and onto the disk, a piece at a time.
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

const PIECE_BYTES = 1024 * 1024

/** Copies the file whole and to the disk; its folder is made. Errors: those of the file system. */
export async function copyFileWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const source = await open(from, 'r')
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      for await (const piece of source.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false })) {
        await target.writeFile(piece)
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
