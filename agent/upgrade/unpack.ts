// Unpacks a bundle: a tar archive of regular files with harmless names. Anything else in it is refused.
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const BLOCK = 512
const LARGEST_BYTES = 500 * 1024 * 1024
const HARMLESS = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/

/** Writes the files of the archive below `into`, each synced. Throws at the first thing that does not belong there. */
export async function unpack(archive: AsyncIterable<Uint8Array>, into: string): Promise<void> {
  let left = Buffer.alloc(0)
  let file: { handle: FileHandle; bytes: number; padding: number } | undefined
  let total = 0
  let ended = false
  try {
    for await (const part of archive) {
      left = left.length === 0 ? Buffer.from(part) : Buffer.concat([left, part])
      for (;;) {
        if (file !== undefined && file.bytes > 0) {
          const now = left.subarray(0, file.bytes)
          if (now.length === 0) break
          await file.handle.writeFile(now)
          file.bytes -= now.length
          left = left.subarray(now.length)
        }
        if (file !== undefined && file.bytes === 0) {
          if (left.length < file.padding) break
          left = left.subarray(file.padding)
          await file.handle.sync()
          await file.handle.close()
          file = undefined
        }
        if (file !== undefined || left.length < BLOCK) break
        const header = parseHeader(left.subarray(0, BLOCK))
        left = left.subarray(BLOCK)
        if (header === undefined) {
          ended = true
          continue
        }
        if (ended) throw new Error('the bundle goes on after its end')
        total += header.size
        if (total > LARGEST_BYTES) throw new Error('the bundle is larger than any')
        const path = join(into, header.path)
        await mkdir(dirname(path), { recursive: true, mode: 0o755 })
        const padding = (BLOCK - (header.size % BLOCK)) % BLOCK
        // "x": a name that comes twice is refused.
        file = { handle: await open(path, 'wx', header.mode), bytes: header.size, padding }
      }
    }
    if (!ended || file !== undefined) throw new Error('the bundle ends too early')
  } finally {
    await file?.handle.close().catch(() => {})
  }
}

/** Undefined for the empty block that ends an archive. */
function parseHeader(block: Buffer): { path: string; size: number; mode: number } | undefined {
  if (block.every(byte => byte === 0)) return undefined
  const text = (from: number, length: number) => block.toString('latin1', from, from + length).replace(/\0.*$/s, '')
  const sum = block.reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 32 : byte), 0)
  if (Number.parseInt(text(148, 8).trim(), 8) !== sum) throw new Error('the bundle is damaged')
  const path = text(0, 100)
  if (text(156, 1) !== '0' || text(345, 155) !== '')
    throw new Error('the bundle holds something other than plain files')
  if (!HARMLESS.test(path)) throw new Error('the bundle holds a file with a name that leads elsewhere')
  const size = Number.parseInt(text(124, 12).trim(), 8)
  if (!Number.isSafeInteger(size)) throw new Error('the bundle is damaged')
  return { path, size, mode: (Number.parseInt(text(100, 8).trim(), 8) & 0o111) === 0 ? 0o644 : 0o755 }
}
