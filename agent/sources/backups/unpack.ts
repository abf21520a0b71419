// Opens what was packed, by its first bytes and not by its name.
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, type Readable, Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import type { BackupTrouble } from '../../../protocol/backup-words.ts'
import { programEnvironment } from './run-program.ts'

export type Packing = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2'

const MAGIC: readonly [Packing, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
]

export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

export function packingOf(head: Buffer): Packing {
  return MAGIC.find(([, magic]) => magic.every((byte, place) => head[place] === byte))?.[0] ?? 'none'
}

/** What is wrong with what was read, as far as its packing tells. */
export class UnpackError extends Error {
  readonly trouble: BackupTrouble

  constructor(trouble: BackupTrouble, message: string) {
    super(message)
    this.name = 'UnpackError'
    this.trouble = trouble
  }
}

/**
 * The content of a file, unpacked. The stream fails with UnpackError for what is wrong inside, and with an error of the system
 * for what can't be read. `onRaw` sees the bytes as they lie on disk.
 */
export async function openUnpacked(
  path: string,
  { signal, onRaw }: { signal: AbortSignal; onRaw?: (part: Buffer) => void },
): Promise<{ packing: Packing; stream: Readable }> {
  const packing = packingOf(await firstBytes(path, 8))
  const raw = createReadStream(path, { highWaterMark: 256 * 1024, signal })
  const seen =
    onRaw === undefined
      ? raw
      : joined(
          raw,
          new Transform({
            transform(part, _, done) {
              onRaw(part)
              done(null, part)
            },
          }),
        )
  if (packing === 'none') return { packing, stream: seen }
  if (packing === 'gzip') return { packing, stream: joined(seen, createGunzip()) }
  if (packing === 'zstd') return { packing, stream: joined(seen, createZstdDecompress()) }
  return { packing, stream: throughProgram(packing, seen, signal) }
}

/** What became of a stream that somebody else reads: a reader that just sees its end takes it for whole. */
export function watched(stream: Readable): () => UnpackError | undefined {
  let found: UnpackError | undefined
  stream.on('error', error => {
    found = error instanceof UnpackError ? error : new UnpackError('unreachable', error.message)
  })
  return () => found
}

/** An error before ends what comes after with the same error, in our words. */
function joined(from: Readable, into: Transform): Readable {
  const out = new PassThrough({ highWaterMark: 256 * 1024 })
  const fail = (error: Error): void => void out.destroy(asUnpackError(error))
  from.on('error', fail)
  into.on('error', fail)
  out.on('close', () => {
    from.destroy()
    into.destroy()
  })
  from.pipe(into).pipe(out)
  return out
}

function asUnpackError(error: NodeJS.ErrnoException): Error {
  if (error instanceof UnpackError || !/^(Z_|ZSTD_)/.test(error.code ?? '')) return error
  const isCut = error.code === 'Z_BUF_ERROR' || /unexpected end|src size/i.test(error.message)
  return new UnpackError(isCut ? 'truncated' : 'damaged', `unpacking: ${error.message}`)
}

function throughProgram(program: 'xz' | 'bzip2', raw: Readable, signal: AbortSignal): Readable {
  const child = spawn(program, ['-d', '-c'], { stdio: ['pipe', 'pipe', 'pipe'], env: programEnvironment(), signal })
  const out = new PassThrough({ highWaterMark: 256 * 1024 })
  let words = ''
  child.stderr.on('data', part => {
    words = `${words}${part}`.slice(-500)
  })
  child.stdin.on('error', () => {})
  raw.on('error', error => out.destroy(error))
  raw.pipe(child.stdin)
  child.stdout.pipe(out, { end: false })
  child.on('error', error => {
    if (!signal.aborted) out.destroy(new UnpackError('tool-missing', `${program} is needed: ${error.message}`))
  })
  child.on('close', code => {
    raw.destroy()
    if (code === 0) return out.end()
    const isCut = /unexpected end|ends unexpectedly|end-of-file/i.test(words)
    out.destroy(new UnpackError(isCut ? 'truncated' : 'damaged', `${program}: ${words.trim()}`))
  })
  return out
}
