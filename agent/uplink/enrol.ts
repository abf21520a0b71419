import type { Enrolment } from '../../protocol/batch.ts'
import { PATHS } from '../../protocol/paths.ts'
import { backOffMs, parseRetryAfterMs } from '../platform/back-off.ts'
import type { Clock } from '../platform/clock.ts'
import { type Log, reasonOf } from '../platform/logger.ts'
import { parseProblem } from './answer.ts'
import type { HttpAnswer, HttpPost } from './http-client.ts'
import { type Identity, parseIdentity } from './identity.ts'

/** The collector will not have this agent; asking again would not help. */
export class EnrolmentRefused extends Error {
  constructor(problem: string) {
    super(`the collector refused the enrolment: ${problem}`)
    this.name = 'EnrolmentRefused'
  }
}

const ANSWER_WITHIN_MS = 15_000
/** Answers that will be the same next time: a bad request, a token that does not hold, a machine that is there already. */
const FINAL = new Set([400, 401, 403, 409, 410, 413])

/**
 * Asks to be enrolled until the collector decides. Retries while it is away, busy or in trouble; throws EnrolmentRefused
 * when it says no, and undefined comes back when `signal` ended the waiting.
 */
export async function enrol(deps: {
  post: HttpPost
  collector: string
  token: string
  enrolment: Enrolment
  userAgent: string
  longestBackOffMs: number
  clock: Clock
  log: Log
  signal: AbortSignal
}): Promise<Identity | undefined> {
  const { post, token, signal, log } = deps
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    let problem: string
    let retryAfterMs: number | undefined
    try {
      const answer = await post({
        path: PATHS.enrol[1],
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'user-agent': deps.userAgent,
        },
        body: Buffer.from(JSON.stringify(deps.enrolment)),
        timeoutMs: ANSWER_WITHIN_MS,
        signal,
      })
      const identity = readAnswer(answer, deps.collector)
      if (identity !== undefined) return identity
      problem = describe(answer)
      if (FINAL.has(answer.status)) throw new EnrolmentRefused(problem)
      retryAfterMs = parseRetryAfterMs(answer.headers['retry-after'], deps.clock.nowMs())
    } catch (error) {
      if (error instanceof EnrolmentRefused) throw error
      problem = reasonOf(error)
    }
    if (signal.aborted) return undefined
    const waitMs = Math.max(backOffMs(attempt, deps.longestBackOffMs, Math.random()), retryAfterMs ?? 0)
    if (attempt === 1) log.warn({ problem }, 'cannot enrol yet, trying until the collector answers')
    await sleep(waitMs, signal)
  }
  return undefined
}

function readAnswer({ status, text }: HttpAnswer, collector: string): Identity | undefined {
  if (status < 200 || status >= 300) return undefined
  try {
    const enrolled: unknown = JSON.parse(text)
    return parseIdentity(JSON.stringify({ ...(typeof enrolled === 'object' ? enrolled : {}), collector }))
  } catch {
    return undefined
  }
}

function describe({ status, text }: HttpAnswer): string {
  const fields = parseProblem(text)
  return fields === undefined ? `status ${status}` : `status ${status} ${fields.code}: ${fields.detail}`
}

function sleep(waitMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, waitMs)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
