import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { storageError } from '../stores/durable/sqlite.ts'
import { type PinnedDatabase, pinDatabase } from '../stores/durable/sqlite-copy.ts'
import { serveWorker } from '../stores/durable/worker-serve.ts'
import { copyBlobs, type Verified, verifyAgainst } from './copy-steps.ts'
import { RECORDS } from './layout.ts'
import { writeSums } from './sums.ts'

export type CopyCalls = {
  /** Bytes of the records as they are at this moment; `records` copies that state. */
  pin: { request: string; response: number }
  records: { request: string; response: null }
  blobs: { request: { from: string; to: string }; response: null }
  verify: { request: { copy: string; collector: string }; response: Verified }
  sums: { request: string; response: { files: number; bytes: number } }
}

if (parentPort === null) throw new Error('this file runs as a worker thread only')

serveWorker<CopyCalls>(parentPort, () => {
  let pinned: PinnedDatabase | null = null
  const naming = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw storageError(error, path)
    }
  }
  return {
    pin: directory =>
      naming(directory, async () => {
        pinned = pinDatabase(join(directory, RECORDS))
        return pinned.bytes
      }),
    records: path =>
      naming(path, async () => {
        await pinned?.copyTo(path)
        // The log of the records can't be emptied while somebody reads from its beginning.
        pinned?.close()
        pinned = null
        return null
      }),
    blobs: ({ from, to }) =>
      naming(to, async () => {
        await copyBlobs(from, to)
        return null
      }),
    verify: ({ copy, collector }) => naming(copy, () => verifyAgainst(copy, collector)),
    sums: directory => naming(directory, () => writeSums(directory)),
    close: () => pinned?.close(),
  }
})
