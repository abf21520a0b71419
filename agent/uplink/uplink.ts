import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { PATHS } from '../../protocol/paths.ts'
import { LANE_HEADER, SENT_AT_HEADER } from '../../protocol/wire.ts'
import { parseRetryAfterMs } from '../platform/back-off.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { isPacked } from '../spool/packed-part.ts'
import type { SpoolRecord } from '../spool/record.ts'
import type { Spool } from '../spool/spool.ts'
import { judgeAnswer, receiptTimeMs } from './answer.ts'
import type { HttpPost } from './http-client.ts'
import { type Sent, startLane } from './lane.ts'

export type Uplink = {
  /** There is something new in the spool. */
  wake(): void
  /** Collector's clock minus ours, from the last receipt, halfway between sending and hearing; undefined before one. */
  skewMs(): number | undefined
  /** Tries once more to deliver what is there, for at most `withinMs`, then ends. */
  stop(withinMs: number): Promise<void>
}

const ANSWER_WITHIN_MS = 15_000
/** Below this gzip costs more than it saves. */
const GZIP_FROM_BYTES = 4 * 1024

const compress = promisify(gzip)

/**
 * Delivers the spool for ever, in two lanes beside each other: what was just measured, and what had to wait. So the
 * newest figures are the first to arrive after the line was cut, however long that was.
 */
export function startUplink(deps: {
  spool: Spool
  post: HttpPost
  key: string
  userAgent: string
  longestBackOffMs: number
  clock: Clock
  log: Log
  random?: () => number
}): Uplink {
  const { spool, post, clock, log } = deps
  const abort = new AbortController()
  let trouble: 'refused' | 'later' | undefined
  /** While fresh batches do not get through, those that waited need not try: then the fresh ones are first again. */
  let freshPasses = true
  let skewMs: number | undefined

  const send = async (record: SpoolRecord, lane: 'fresh' | 'catchup'): Promise<Sent> => {
    const isZipped = isPacked(record.body)
    const zips = !isZipped && lane === 'catchup' && record.body.length >= GZIP_FROM_BYTES
    try {
      const body = zips ? await compress(record.body) : record.body
      const [sentAtMs, startedMs] = [clock.nowMs(), clock.monotonicMs()]
      const answer = await post({
        path: PATHS.ingest[1],
        headers: {
          authorization: `Bearer ${deps.key}`,
          'content-type': 'application/json',
          'user-agent': deps.userAgent,
          [SENT_AT_HEADER]: String(sentAtMs),
          [LANE_HEADER]: lane,
          ...(isZipped || zips ? { 'content-encoding': 'gzip' } : {}),
        },
        body,
        timeoutMs: ANSWER_WITHIN_MS,
        signal: abort.signal,
      })
      const outcome = judgeAnswer(answer, record.number)
      const receivedAtMs = outcome.kind === 'delivered' ? receiptTimeMs(answer.text) : undefined
      if (receivedAtMs !== undefined) skewMs = receivedAtMs - (sentAtMs + (clock.monotonicMs() - startedMs) / 2)
      return { outcome, retryAfterMs: parseRetryAfterMs(answer.headers['retry-after'], sentAtMs) }
    } catch (error) {
      return { outcome: { kind: 'later', problem: reasonOf(error) }, retryAfterMs: undefined }
    }
  }

  const laneOf = (lane: 'fresh' | 'catchup') =>
    startLane({
      lane,
      spool,
      send,
      log,
      longestBackOffMs: deps.longestBackOffMs,
      random: deps.random ?? Math.random,
      mayGo: () => lane === 'fresh' || freshPasses,
      onTrouble(kind, problem) {
        if (lane === 'fresh') freshPasses = false
        if (trouble === kind) return
        trouble = kind
        if (kind === 'later') log.warn({ problem }, 'collector takes nothing, keeping everything in the spool')
        else
          log.error(
            { problem },
            'collector refuses this agent, keeping everything in the spool until a person mends it',
          )
      },
      onDelivered() {
        if (trouble !== undefined) log.info({ waiting: spool.stats().batches }, 'collector takes batches again')
        trouble = undefined
        if (lane !== 'fresh' || freshPasses) return
        freshPasses = true
        lanes[1].wake()
      },
    })
  const lanes = [laneOf('fresh'), laneOf('catchup')] as const

  return {
    wake() {
      for (const lane of lanes) lane.wake()
    },
    skewMs: () => skewMs,
    async stop(withinMs) {
      const timer = setTimeout(() => {
        for (const lane of lanes) lane.end()
        abort.abort()
      }, withinMs)
      await Promise.all(lanes.map(lane => lane.drain()))
      clearTimeout(timer)
    },
  }
}
