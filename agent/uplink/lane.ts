import { backOffMs } from '../platform/back-off.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import type { SpoolRecord } from '../spool/record.ts'
import type { Spool } from '../spool/spool.ts'
import type { Outcome } from './answer.ts'

export type Sent = { outcome: Outcome; retryAfterMs: number | undefined }

export type Lane = {
  /** There may be something new to deliver. */
  wake(): void
  /** Delivers what is there, without another try after a failure, and ends. */
  drain(): Promise<void>
  /** Waits for nothing any more. */
  end(): void
}

/** A refused agent asks this slowly whether a person has mended it. */
const REFUSED_WAIT_MS = 60_000

/**
 * Delivers one lane of the spool in order, one POST at a time, for ever; forgets a batch only on the collector's receipt
 * for it.
 */
export function startLane(deps: {
  lane: 'fresh' | 'catchup'
  /** Whether this lane may send now; it is woken when that may have changed. */
  mayGo: () => boolean
  spool: Spool
  send: (record: SpoolRecord, lane: 'fresh' | 'catchup') => Promise<Sent>
  longestBackOffMs: number
  log: Log
  random: () => number
  onTrouble: (kind: 'refused' | 'later', problem: string) => void
  onDelivered: () => void
}): Lane {
  const { lane, spool, log, random } = deps
  let state: 'running' | 'draining' | 'ended' = 'running'
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

  const deliver = async (record: SpoolRecord): Promise<'go-on' | 'failed'> => {
    const { outcome, retryAfterMs } = await deps.send(record, lane)
    if (outcome.kind === 'delivered' || outcome.kind === 'rejected') {
      failures = 0
      deps.onDelivered()
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
    deps.onTrouble(outcome.kind, outcome.problem)
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
      if (state === 'running' && !deps.mayGo()) {
        await pause()
        continue
      }
      try {
        const record = await spool.next(lane)
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
    async drain() {
      if (state === 'running') state = 'draining'
      wakeUp()
      await running
    },
    end() {
      state = 'ended'
      wakeUp()
    },
  }
}
