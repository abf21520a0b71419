import { closeSync, constants, openSync, readSync } from 'node:fs'

/** Reads one file of the kernel again and again. */
export type KernelFile = { read(): string }

/** All such files share it: a reading is over before the next one begins. */
const chunk = Buffer.alloc(64 * 1024)

/**
 * Keeps a file of /proc open and reads it anew each time: a few microseconds in place of the tenth of a millisecond that
 * opening it in the thread pool takes, which at twenty files a tick is most of what an agent would cost. Only for files
 * that the kernel answers from its own memory, so that they cannot hang. Throws when it cannot be read.
 */
export function createKernelFile(path: string): KernelFile {
  let fd: number | undefined

  const readAll = (from: number): string => {
    const parts: Buffer[] = []
    for (let offset = 0; ; ) {
      const length = readSync(from, chunk, 0, chunk.length, offset)
      if (length === 0) return Buffer.concat(parts).toString('utf8')
      parts.push(Buffer.from(chunk.subarray(0, length)))
      offset += length
    }
  }

  return {
    read() {
      // Without waiting: what is no such file must not hold the agent up either.
      fd ??= openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        return readAll(fd)
      } catch (error) {
        closeSync(fd)
        fd = undefined
        throw error
      }
    },
  }
}
