// Files as the store uses them: whole reads and writes at a place, errors as StorageErrors that name the file.
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { storageError } from '../../durable/sqlite.ts'

export type DiskFile = {
  path: string
  size(): number
  /** Bytes read: fewer than asked for at the end of the file. */
  read(into: Uint8Array, at: number): number
  /** All of `bytes`, or it throws. */
  write(bytes: Uint8Array, at: number): void
  /** What was written survives a power cut when it returns. */
  sync(): void
  /** The same beside this thread; rejects with a StorageError. */
  syncBeside(): Promise<void>
  truncate(size: number): void
  close(): void
}

/** Opens the file, and makes it where there is none, unless it must `exist`. */
export function openDiskFile(path: string, must: 'be-made' | 'exist' = 'be-made'): DiskFile {
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw storageError(error, path)
    }
  }
  const descriptor = guarded(() => {
    try {
      return openSync(path, 'r+')
    } catch (error) {
      if (must === 'exist' || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      const made = openSync(path, 'wx+', 0o600)
      syncDirectory(dirname(path))
      return made
    }
  })
  return {
    path,
    size: () => guarded(() => fstatSync(descriptor).size),
    read: (into, at) =>
      guarded(() => {
        let done = 0
        while (done < into.length) {
          const more = readSync(descriptor, into, done, into.length - done, at + done)
          if (more === 0) break
          done += more
        }
        return done
      }),
    write: (bytes, at) =>
      guarded(() => {
        let done = 0
        while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done, at + done)
      }),
    sync: () => guarded(() => fdatasyncSync(descriptor)),
    syncBeside: () =>
      new Promise((resolve, reject) =>
        fdatasync(descriptor, error => (error === null ? resolve() : reject(storageError(error, path)))),
      ),
    truncate: size => guarded(() => ftruncateSync(descriptor, size)),
    close: () => guarded(() => closeSync(descriptor)),
  }
}

/** Names in the directory (made, renamed, deleted) survive a power cut when it returns. */
export function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
