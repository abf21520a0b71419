import {
  ISSUE_CODES,
  type IssueCode,
  PROBLEMS,
  type ProblemCode,
  type ProblemIssue,
} from '../../../protocol/problem.ts'
import { language } from '../i18n/translate.ts'
import { issueText } from './issue-text.ts'

/** `offline`: no answer came; `timeout`: none in time; `unreadable`: an answer that is none of ours (a proxy's page). */
export type ErrorCode = ProblemCode | 'offline' | 'timeout' | 'unreadable'

export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number | null
  readonly detail: string | null
  readonly issues: ProblemIssue[]
  readonly retryAfterS: number | null

  constructor(
    code: ErrorCode,
    from: { status?: number; detail?: string; issues?: ProblemIssue[]; retryAfterS?: number } = {},
  ) {
    super(code)
    this.name = 'ApiError'
    this.code = code
    this.status = from.status ?? null
    this.detail = from.detail ?? null
    this.issues = from.issues ?? []
    this.retryAfterS = from.retryAfterS ?? null
  }
}

/** Reads a refusal (RFC 9457). What does not follow the contract becomes `unreadable`, never a crash of the page. */
export function errorFromAnswer(status: number, body: unknown, retryAfterHeader: string | null): ApiError {
  const problem = isRecord(body) ? body : {}
  const code = problem.code
  const retryAfterS = secondsOf(problem.retryAfterS) ?? secondsOf(retryAfterHeader)
  if (typeof code !== 'string' || !isProblemCode(code)) return new ApiError('unreadable', { status })
  return new ApiError(code, {
    status,
    ...(typeof problem.detail === 'string' ? { detail: problem.detail } : {}),
    issues: Array.isArray(problem.issues) ? problem.issues.filter(isIssue) : [],
    ...(retryAfterS === null ? {} : { retryAfterS }),
  })
}

/** What is wrong with one field of a form, by its path in the body ("settings.host"), in the language of the page. */
export function issueOf(error: ApiError | null, path: string): string | null {
  const issue = error?.issues.find(one => one.path === path)
  return issue === undefined ? null : issueText(issue, language.value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code)
}

function isIssueCode(code: unknown): code is IssueCode {
  return ISSUE_CODES.some(one => one === code)
}

function isIssue(value: unknown): value is ProblemIssue {
  if (!isRecord(value) || typeof value.path !== 'string' || typeof value.message !== 'string') return false
  const { code, limit } = value
  return (code === undefined || isIssueCode(code)) && ['undefined', 'number', 'string'].includes(typeof limit)
}

function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : null
}
