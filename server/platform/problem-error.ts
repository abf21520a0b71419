import { PROBLEMS, type ProblemCode, type ProblemIssue } from '../../protocol/problem.ts'

/** A refusal with a code of the one list. What is thrown anywhere below HTTP becomes an RFC 9457 problem there. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly detail: string | undefined
  readonly issues: ProblemIssue[]
  readonly retryAfterS: number | undefined

  constructor(code: ProblemCode, detail?: string, more: { issues?: ProblemIssue[]; retryAfterS?: number } = {}) {
    super(detail ?? PROBLEMS[code].title)
    this.name = 'ProblemError'
    this.code = code
    this.detail = detail
    this.issues = more.issues ?? []
    this.retryAfterS = more.retryAfterS
  }
}
