// A tar archive (POSIX ustar) of regular files, the same bytes each time: no owners, no times.
import { createReadStream, statSync } from 'node:fs'

export type TarFile = {
  /** Relative, at most 100 bytes. */
  path: string
  mode: 0o644 | 0o755
  content: Buffer | { file: string }
}

const BLOCK = 512

/** The archive in parts. Errors: a path that does not fit; what reading a file throws. */
export async function* tarOf(files: readonly TarFile[]): AsyncGenerator<Buffer> {
  for (const { path, mode, content } of files) {
    const size = Buffer.isBuffer(content) ? content.length : statSync(content.file).size
    yield header({ path, mode, size })
    if (Buffer.isBuffer(content)) yield content
    else yield* createReadStream(content.file) as AsyncIterable<Buffer>
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
  }
  yield Buffer.alloc(2 * BLOCK)
}

function header({ path, mode, size }: { path: string; mode: number; size: number }): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for a tar archive`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  block.write(path, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write('        ', 148)
  block.write('0', 156)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}
