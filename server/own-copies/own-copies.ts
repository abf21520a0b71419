// The collector's side of `pantau backup-self`: one copy at a time, its outcome remembered, its age told.
import type { Logger } from '../platform/logs.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Records } from '../stores/records/records.ts'
import { openDoor } from './door.ts'
import { type CopyMade, type CopyRequest, type CopySources, type CopyWatch, makeCopy } from './make-copy.ts'
import { OwnCopyError } from './own-copy-error.ts'
import { noteOwnCopy, readOwnCopies } from './own-copy-log.ts'

type Deps = { sources: CopySources; records: Records; log: Logger; now: () => number }

export async function openOwnCopies(deps: Deps & { metrics: Metrics }): Promise<{ close(): Promise<void> }> {
  const { records, metrics, log, now } = deps
  const closing = new AbortController()
  let running: Promise<unknown> | null = null
  const door = await openDoor({
    directory: deps.sources.directory,
    async copy(request, { signal, onProgress }) {
      if (running !== null) {
        throw new OwnCopyError({ en: 'a copy is being made already', id: 'salinan lain sedang dibuat' })
      }
      const copy = copyAndNote(deps, request, { now, onProgress, signal: AbortSignal.any([signal, closing.signal]) })
      running = copy.catch(() => {})
      try {
        return await copy
      } finally {
        running = null
      }
    },
  })
  metrics.gauge(
    'pantau_own_copy_last_success_timestamp_seconds',
    'When the newest copy of the collector itself was begun; 0: there is none.',
    async () => ((await readOwnCopies(records, now())).newest?.at ?? 0) / 1_000,
  )
  const { state } = await readOwnCopies(records, now())
  if (state === 'old') log.warn('The newest copy of the collector itself is older than eight days')
  return {
    async close() {
      closing.abort()
      await running
      await door.close()
    },
  }
}

/** Errors: OwnCopyError; also of that is kept when and why. */
export async function copyAndNote(deps: Deps, request: CopyRequest, watch: CopyWatch): Promise<CopyMade> {
  const { records, log, now } = deps
  const begunAt = now()
  try {
    const made = await makeCopy(deps.sources, request, watch)
    const { path, bytes, files, endedAt } = made
    await noteOwnCopy(records, { begunAt: made.begunAt, endedAt, path, outcome: { bytes, files } })
    log.info({ path, bytes, files, ms: endedAt - begunAt }, 'The collector was copied')
    return made
  } catch (error) {
    if (!(error instanceof OwnCopyError)) throw error
    log.error({ path: request.to, reason: error.message }, 'The collector could not be copied')
    const failed = { begunAt, endedAt: now(), path: request.to, outcome: { reason: error.text } }
    await noteOwnCopy(records, failed).catch(reason => log.error({ err: reason }, 'That could not be kept'))
    throw error
  }
}
