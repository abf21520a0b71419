import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { PATHS } from '../../protocol/paths.ts'
import { LANE_HEADER, SENT_AT_HEADER } from '../../protocol/wire.ts'
import { backOffMs, parseRetryAfterMs } from '../platform/back-off.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import type { SpoolRecord } from '../spool/record.ts'
import type { Spool } from '../spool/spool.ts'
import { judgeAnswer, type Outcome } from './answer.ts'
import type { HttpPost } from './http-post.ts'

export type Uplink = {
  /** There is something new in the spool. */
  wake(): void
  /** Tries once more to deliver what is there, for at most `withinMs`, then ends. */
  stop(withinMs: number): Promise<void>
}

const ANSWER_WITHIN_MS = 15_000
/** Below this gzip costs more than it saves. */
const GZIP_FROM_BYTES = 4 * 1024
/** A refused agent asks this slowly whether a person has mended it. */
const REFUSED_WAIT_MS = 60_000

const compress = promisify(gzip)

/** Delivers the spool in order, one POST at a time, for ever; forgets a batch only on the collector's receipt for it. */
export function startUplink(deps: {
  spool: Spool
  post: HttpPost
  key: string
  userAgent: string
  intervalMs: number
  longestBackOffMs: number
  clock: Clock
  log: Log
  random?: () => number
}): Uplink {
  const { spool, post, clock, log } = deps
  const random = deps.random ?? Math.random
  const abort = new AbortController()
  let state: 'running' | 'draining' | 'ended' = 'running'
  let trouble: Exclude<Outcome['kind'], 'delivered' | 'rejected'> | undefined
  let failures = 0
  let woken = false
  let wakeUp = (): void => {}

  /** Waits for new work or, with a time, for that time only: new work is no reason to hurry after a failure. */
  const pause = (waitMs?: number): Promise<void> =>
    new Promise(resolve => {
      if (state !== 'running' || (waitMs === undefined && woken)) return resolve()
      const timer = waitMs === undefined ? undefined : setTimeout(resolve, waitMs)
      wakeUp = () => {
        if (waitMs !== undefined && state === 'running') return
        clearTimeout(timer)
        resolve()
      }
    })

  const send = async (record: SpoolRecord): Promise<{ outcome: Outcome; retryAfterMs: number | undefined }> => {
    const nowMs = clock.nowMs()
    const lane = nowMs - record.atMs < 3 * deps.intervalMs ? 'fresh' : 'catchup'
    const zipped = lane === 'catchup' && record.body.length >= GZIP_FROM_BYTES
    try {
      const answer = await post({
        path: PATHS.ingest[1],
        headers: {
          authorization: `Bearer ${deps.key}`,
          'content-type': 'application/json',
          'user-agent': deps.userAgent,
          [SENT_AT_HEADER]: String(nowMs),
          [LANE_HEADER]: lane,
          ...(zipped ? { 'content-encoding': 'gzip' } : {}),
        },
        body: zipped ? await compress(record.body) : record.body,
        timeoutMs: ANSWER_WITHIN_MS,
        signal: abort.signal,
      })
      return {
        outcome: judgeAnswer(answer, record.number),
        retryAfterMs: parseRetryAfterMs(answer.headers['retry-after'], nowMs),
      }
    } catch (error) {
      return { outcome: { kind: 'later', problem: reasonOf(error) }, retryAfterMs: undefined }
    }
  }

  const noteTrouble = (kind: 'refused' | 'later', problem: string): void => {
    if (trouble === kind) return
    trouble = kind
    if (kind === 'later') log.warn({ problem }, 'collector takes nothing, keeping everything in the spool')
    else log.error({ problem }, 'collector refuses this agent, keeping everything in the spool until a person mends it')
  }

  const deliver = async (record: SpoolRecord): Promise<'go-on' | 'failed'> => {
    const { outcome, retryAfterMs } = await send(record)
    if (outcome.kind === 'delivered' || outcome.kind === 'rejected') {
      failures = 0
      if (trouble !== undefined) log.info({ waiting: spool.stats().batches }, 'collector takes batches again')
      trouble = undefined
      if (outcome.kind === 'delivered') {
        await spool.acknowledge(record.number)
        return 'go-on'
      }
      log.error({ number: record.number, problem: outcome.problem }, 'collector rejected a batch, it is set aside')
      await spool.reject(record, outcome.problem)
      return 'go-on'
    }
    if (state === 'ended') return 'failed'
    failures += 1
    noteTrouble(outcome.kind, outcome.problem)
    const ownMs =
      outcome.kind === 'refused'
        ? Math.round(REFUSED_WAIT_MS * (0.5 + random() / 2))
        : backOffMs(failures, deps.longestBackOffMs, random())
    if (state === 'running') await pause(Math.max(ownMs, retryAfterMs ?? 0))
    return 'failed'
  }

  const run = async (): Promise<void> => {
    while (state !== 'ended') {
      woken = false
      try {
        const record = await spool.next()
        if (record !== undefined) {
          const wasDraining = state === 'draining'
          if ((await deliver(record)) === 'failed' && wasDraining) return
          continue
        }
      } catch (error) {
        log.error({ reason: reasonOf(error) }, 'spool cannot be read')
        if (state !== 'running') return
        await pause(deps.longestBackOffMs)
        continue
      }
      if (state !== 'running') return
      await pause()
    }
  }
  const running = run()

  return {
    wake() {
      woken = true
      wakeUp()
    },
    async stop(withinMs) {
      state = 'draining'
      wakeUp()
      const timer = setTimeout(() => {
        state = 'ended'
        abort.abort()
      }, withinMs)
      await running
      clearTimeout(timer)
    },
  }
}
