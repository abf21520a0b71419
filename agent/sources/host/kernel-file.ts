import { closeSync, constants, openSync, readSync } from 'node:fs'

/** Reads one file of the kernel again and again. */
export type KernelFile = { read(): string }

/** All such files share it: a reading is over before the next one begins. Grows when a file is longer. */
let chunk = Buffer.alloc(64 * 1024)

/**
 * Keeps a file of /proc open and reads it anew each time: a few microseconds in place of the tenth of a millisecond that
 * opening it in the thread pool takes, which at twenty files a tick is most of what an agent would cost. Only for files
 * that the kernel answers from its own memory, so that they cannot hang. Throws when it cannot be read.
 */
export function createKernelFile(path: string): KernelFile {
  let fd: number | undefined

  const readAll = (from: number): string => {
    for (let length = 0; ; ) {
      if (length === chunk.length) chunk = Buffer.concat([chunk, Buffer.alloc(length)])
      const more = readSync(from, chunk, length, chunk.length - length, length)
      if (more === 0) return chunk.toString('utf8', 0, length)
      length += more
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
