// The collector's side of `pantau backup-self`: one copy at a time, its outcome remembered, its age told.
import type { Logger } from '../platform/logs.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Records } from '../stores/records/records.ts'
import { type CopyOnRequest, openDoor } from './door.ts'
import { type CopyMade, type CopyRequest, type CopySources, type CopyWatch, makeCopy } from './make-copy.ts'
import { OwnCopyError } from './own-copy-error.ts'
import { noteOwnCopy, readOwnCopies } from './own-copy-log.ts'
import { type CopySchedule, keepSchedule } from './schedule.ts'

type Deps = { sources: CopySources; records: Records; log: Logger; now: () => number }
type OpenDeps = Deps & {
  metrics: Metrics
  /** Null: only when somebody asks for it. */
  schedule: CopySchedule | null
  timeZone: string
  afterStartMs?: number
}

export async function openOwnCopies(deps: OpenDeps): Promise<{ close(): Promise<void> }> {
  const { records, metrics, log, now, schedule, timeZone } = deps
  const closing = new AbortController()
  let running: Promise<unknown> | null = null
  const copy: CopyOnRequest = async (request, { signal, onProgress }) => {
    if (running !== null) {
      throw new OwnCopyError({ en: 'a copy is being made already', id: 'salinan lain sedang dibuat' })
    }
    const made = copyAndNote(deps, request, { now, onProgress, signal: AbortSignal.any([signal, closing.signal]) })
    running = made.catch(() => {})
    try {
      return await made
    } finally {
      running = null
    }
  }
  const door = await openDoor({ directory: deps.sources.directory, copy })
  metrics.gauge(
    'pantau_own_copy_last_success_timestamp_seconds',
    'When the newest copy of the collector itself was begun; 0: there is none.',
    async () => ((await readOwnCopies(records, now())).newest?.at ?? 0) / 1_000,
  )
  metrics.gauge(
    'pantau_own_copy_trouble',
    '1: the last copy of the collector itself failed, or something does not hold in it.',
    async () => {
      const { newest, failed } = await readOwnCopies(records, now())
      return failed !== null || (newest !== null && newest.flaws !== null) ? 1 : 0
    },
  )
  const { state, newest } = await readOwnCopies(records, now())
  if (state === 'old') log.warn('The newest copy of the collector itself is older than eight days')
  const bySchedule =
    schedule === null
      ? null
      : keepSchedule({
          ...{ schedule, timeZone, now, newestAt: newest?.at ?? null, afterStartMs: deps.afterStartMs },
          async copy() {
            const { to, keep } = schedule
            await copy({ to, keep }, { signal: closing.signal, onProgress() {} }).catch((error: unknown) => {
              // Of one that was tried the reason is kept and logged already.
              if (!(error instanceof OwnCopyError)) log.error({ err: error }, 'The collector could not be copied')
            })
          },
        })
  return {
    async close() {
      bySchedule?.stop()
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
    const { path, bytes, files, endedAt, flaws } = made
    await noteOwnCopy(records, { begunAt: made.begunAt, endedAt, path, outcome: { bytes, files, flaws } })
    const told = { path, bytes, files, ms: endedAt - begunAt }
    if (flaws.length === 0) log.info(told, 'The collector was copied')
    else log.error({ ...told, flaws }, 'The collector was copied, with what does not hold in it')
    return made
  } catch (error) {
    if (!(error instanceof OwnCopyError)) throw error
    log.error({ path: request.to, reason: error.message }, 'The collector could not be copied')
    const failed = { begunAt, endedAt: now(), path: request.to, outcome: { reason: error.text } }
    await noteOwnCopy(records, failed).catch(reason => log.error({ err: reason }, 'That could not be kept'))
    throw error
  }
}
