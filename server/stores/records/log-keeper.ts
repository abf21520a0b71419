// Keeps the records' log short: copied into the file by a thread of its own, begun anew when all of it is copied. Under a
// steady load there is always a change that came during the copying, so for the last few pages changes have to wait: without
// holding up this thread, for as long as a sync takes.
import { Worker } from 'node:worker_threads'
import { StorageError } from '../durable/storage-error.ts'
import { openWorkerLink } from '../durable/worker-link.ts'
import type { Copied, LogCalls, LogWorkerData } from './log-calls.ts'

/** 32 MiB: the same page changes again and again, and is copied once. */
export const LOG_PAGES = 8_000
const KEPT_BYTES = 64 * 1024 * 1024
/** Few enough for changes to wait for. */
const FEW_PAGES = 500
/** A disk that can't keep up with the changes makes them wait for more than few pages. */
const PASSES = 4
const LOOK_EVERY_MS = 250
/** So many times longer until the next try where one failed. */
const PATIENCE = 20

export type LogLimits = {
  /** Beyond so many the log is copied. */
  pages: number
  /** It is looked at so often at most. */
  everyMs: number
}

export type LogKeeper = {
  /** To be called after changes came to the disk. */
  look(): void
  close(): Promise<void>
}

export type LogKeeperDeps = {
  path: string
  /** A descriptor of the file at `path`; see LogWorkerData. */
  file: number
  limits?: LogLimits | undefined
  /** Runs the work while no query and no transaction of this process does. */
  pause: (work: () => Promise<Copied>) => Promise<Copied>
  /** The log could not be copied and grows; null when it could again. */
  onTrouble: (error: StorageError | null) => void
  /** A sync failed: from now on nothing is copied any more. */
  onLost: (reason: string) => void
  isLost: () => boolean
}

export async function createLogKeeper(deps: LogKeeperDeps): Promise<LogKeeper> {
  const { path, file, pause, onTrouble, onLost, isLost } = deps
  const { pages, everyMs } = deps.limits ?? { pages: LOG_PAGES, everyMs: LOOK_EVERY_MS }
  const workerData: LogWorkerData = { path, file, keptBytes: KEPT_BYTES }
  const link = await openWorkerLink<LogCalls>(
    () => new Worker(new URL('./log-worker.ts', import.meta.url), { workerData, name: 'records log' }),
  )
  let working: Promise<void> | null = null
  let notBefore = 0
  /** Somebody who reads for long (a copy of the collector) keeps the log: it is looked at again when it has grown as much again. */
  let atLeast = pages
  let inTrouble = false

  async function copyAll(): Promise<Copied> {
    let copied = await link.call('copy', atLeast)
    for (let pass = 1; pass < PASSES && copied.kind === 'copied' && copied.left > FEW_PAGES && !isLost(); pass += 1) {
      copied = await link.call('copy', 0)
    }
    if (copied.kind !== 'copied' || isLost()) return copied
    return pause(async () => (isLost() ? copied : await link.call('beginAnew', undefined)))
  }

  async function keep(): Promise<void> {
    try {
      const copied = await copyAll()
      if (copied.kind === 'not-synced') onLost(copied.reason)
      // A command of the collector's own may have copied it, so that it began anew by itself.
      if (copied.kind === 'short') atLeast = Math.min(atLeast, copied.length + pages)
      if (copied.kind === 'copied') {
        atLeast = copied.length + pages
        if (inTrouble) onTrouble(null)
        inTrouble = false
      }
      notBefore = performance.now() + everyMs
    } catch (error) {
      notBefore = performance.now() + everyMs * PATIENCE
      const problem = error instanceof StorageError ? error : new StorageError('storage-failed', String(error))
      // Another process is at work on the file, for example a command of the collector's own.
      if (problem.code === 'in-use') return
      inTrouble = true
      onTrouble(problem)
    }
  }

  let closing = false
  return {
    look() {
      if (closing || working !== null || isLost() || performance.now() < notBefore) return
      working = keep().finally(() => {
        working = null
      })
    },
    async close() {
      closing = true
      await working
      await link.close()
    },
  }
}
