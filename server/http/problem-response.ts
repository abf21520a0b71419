import type { IncomingMessage, ServerResponse } from 'node:http'
import { PROBLEMS, type Problem, type ProblemCode, type ProblemIssue } from '../../protocol/problem.ts'
import type { Logger } from '../platform/logs.ts'
import { ProblemError } from '../platform/problem-error.ts'
import { StorageError, type StorageErrorCode } from '../stores/durable/storage-error.ts'

/** Refusals of a store that are no mistake of the collector. */
const STORAGE_PROBLEMS: Partial<Record<StorageErrorCode, ProblemCode>> = {
  'query-too-large': 'bad-request',
  'bad-input': 'bad-request',
  'storage-full': 'storage-full',
  unavailable: 'unavailable',
  'worker-stopped': 'unavailable',
  closed: 'unavailable',
}

/** RFC 9457 body of a refusal. `type` points to the section of the reference that explains the code. */
export function problemOf(
  code: ProblemCode,
  more: { detail?: string | undefined; issues?: ProblemIssue[] | undefined; retryAfterS?: number | undefined } = {},
): Problem {
  const { status, title } = PROBLEMS[code]
  return {
    type: `urn:pantau:problem:${code}`,
    title,
    status,
    code,
    ...(more.detail === undefined ? {} : { detail: more.detail }),
    ...(more.issues === undefined || more.issues.length === 0 ? {} : { issues: more.issues }),
    ...(more.retryAfterS === undefined ? {} : { retryAfterS: more.retryAfterS }),
  }
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = Buffer.from(JSON.stringify(problem))
  response.statusCode = problem.status
  response.setHeader('content-type', 'application/problem+json; charset=utf-8')
  response.setHeader('content-length', body.byteLength)
  if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer realm="pantau"')
  if (problem.retryAfterS !== undefined) response.setHeader('retry-after', String(problem.retryAfterS))
  response.end(body)
}

/** What was thrown, as a problem. Only a mistake of our own is logged; it is not told to the caller. */
export function problemFrom(error: unknown, request: IncomingMessage, log: Logger): Problem {
  if (error instanceof ProblemError) return problemOf(error.code, error)
  const kind = bodyErrorType(error)
  if (kind === 'entity.too.large') return problemOf('too-large')
  if (kind === 'encoding.unsupported' || kind === 'charset.unsupported') return problemOf('unsupported-media-type')
  if (kind !== null) return problemOf('bad-request', { detail: 'The body is not valid JSON' })
  if (error instanceof StorageError) {
    const code = STORAGE_PROBLEMS[error.code]
    if (code !== undefined) return problemOf(code, code === 'bad-request' ? { detail: error.message } : {})
  }
  if (codeOf(error) === 'SQLITE_FULL') {
    log.error({ err: error }, 'The disk is full: a change could not be written')
    return problemOf('storage-full')
  }
  log.error(
    { err: error, method: request.method, path: request.url?.split('?')[0] },
    'A request failed by a mistake of the collector',
  )
  return problemOf('internal')
}

/** express.json reports what is wrong with a body by `type`. */
function bodyErrorType(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('type' in error) || !('status' in error)) return null
  return typeof error.type === 'string' ? error.type : null
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
