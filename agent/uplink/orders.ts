import { setTimeout as sleep } from 'node:timers/promises'
import { PATHS } from '../../protocol/paths.ts'
import type { TaskOrder, TaskResult } from '../../protocol/tasks.ts'
import { LONGEST_WAIT_S } from '../../protocol/wire.ts'
import { type AssignmentRegistry, KNOWN_LISTS } from '../assignments/assignments.ts'
import { backOffMs, parseRetryAfterMs } from '../platform/back-off.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { parseOrders } from '../tasks/parse-orders.ts'
import type { HttpGet, HttpPost } from './http-client.ts'

export type Orders = { stop(): Promise<void> }

const ANSWER_WITHIN_MS = 15_000
/** A collector that has no orders to give, or none for us, is asked again this slowly. */
const REFUSED_WAIT_MS = 10 * 60_000
/** Nobody may make an agent busy: so many tasks a minute and no more. */
const TASKS_PER_MINUTE = 20
/** Thousands of targets with their credentials. */
const LONGEST_ORDERS_BYTES = 4 * 1024 * 1024

/** Asks the collector for orders for ever, does what is on the closed list, one after another, and says what came of it. */
export function startOrders(deps: {
  get: HttpGet
  post: HttpPost
  key: string
  userAgent: string
  longestBackOffMs: number
  /** Before the first question: starting agents have more urgent things to say. */
  firstAfterMs: number
  clock: Clock
  log: Log
  assignments: Pick<AssignmentRegistry, 'revision' | 'take'>
  /** `tell` says how far a long task is; what it answers in the end is told by the caller. */
  run: (order: TaskOrder, signal: AbortSignal, tell: (result: TaskResult) => Promise<void>) => Promise<TaskResult>
  random?: () => number
}): Orders {
  const { get, post, clock, log, assignments } = deps
  const random = deps.random ?? Math.random
  const ending = new AbortController()
  const { signal } = ending
  const headers = { authorization: `Bearer ${deps.key}`, 'user-agent': deps.userAgent }
  const done: number[] = []
  let isTold = false

  const pause = (ms: number): Promise<void> => sleep(ms, undefined, { signal, ref: false }).catch(() => {})

  const keepPace = async (): Promise<void> => {
    const oldestMs = done.at(-TASKS_PER_MINUTE)
    if (oldestMs !== undefined) await pause(oldestMs + 60_000 - clock.monotonicMs())
    done.push(clock.monotonicMs())
    done.splice(0, done.length - TASKS_PER_MINUTE)
  }

  const answer = async (id: string, result: TaskResult): Promise<void> => {
    const path = PATHS.answerTask[1].replace(':id', id)
    const body = Buffer.from(JSON.stringify({ result }))
    await post({
      ...{ path, body, signal, timeoutMs: ANSWER_WITHIN_MS },
      headers: { ...headers, 'content-type': 'application/json' },
    })
  }

  /** How long to wait until the next question. */
  const askOnce = async (): Promise<{ waitMs: number | 'back-off'; problem?: string }> => {
    const response = await get({
      path: `${PATHS.agentOrders[1]}?after=${assignments.revision()}&waitS=${LONGEST_WAIT_S}&lists=${KNOWN_LISTS.join()}`,
      headers,
      longestAnswerBytes: LONGEST_ORDERS_BYTES,
      timeoutMs: LONGEST_WAIT_S * 1_000 + ANSWER_WITHIN_MS,
      signal,
    })
    if (response.status !== 200) {
      const refused = [401, 403, 404, 409].includes(response.status)
      const retryAfterMs = parseRetryAfterMs(response.headers['retry-after'], clock.nowMs())
      const waitMs = refused ? REFUSED_WAIT_MS : (retryAfterMs ?? 'back-off')
      return { waitMs, problem: `status ${response.status}` }
    }
    const orders = parseOrders(response.text)
    // Nothing of it is done, also not the part that would be understood.
    if (orders === undefined) return { waitMs: 'back-off', problem: 'an order that is not on the closed list' }
    await assignments.take(orders.revision, orders.assignments)
    for (const { id, order } of orders.tasks) {
      await keepPace()
      if (signal.aborted) break
      log.info({ task: id, kind: order.kind }, 'task from the collector')
      const doing = deps.run(order, signal, result => answer(id, result)).then(result => answer(id, result))
      // A sweep takes minutes: new assignments and other tasks do not wait for it.
      if (order.kind === 'discover')
        void doing.catch(error => log.warn({ reason: reasonOf(error) }, 'sweep ended early'))
      else await doing
    }
    return { waitMs: 0 }
  }

  const run = async (): Promise<void> => {
    await pause(deps.firstAfterMs)
    for (let failures = 0; !signal.aborted; ) {
      const startedMs = clock.monotonicMs()
      const { waitMs, problem } = await askOnce().catch(error => ({
        waitMs: 'back-off' as const,
        problem: reasonOf(error),
      }))
      if (signal.aborted) return
      failures = problem === undefined ? 0 : failures + 1
      if (problem === undefined) isTold = false
      else if (!isTold) {
        isTold = true
        log.warn({ problem }, 'no orders from the collector, asking again later')
      }
      // One that answers at once with nothing to do must not be asked a thousand times a second.
      const hurriedMs = clock.monotonicMs() - startedMs < 1_000 ? 1_000 * (0.5 + random() / 2) : 0
      await pause(waitMs === 'back-off' ? backOffMs(failures, deps.longestBackOffMs, random()) : waitMs || hurriedMs)
    }
  }
  const running = run()

  return {
    async stop() {
      ending.abort()
      await running
    },
  }
}
