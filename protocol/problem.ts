// The one list of error codes. Every refusal is an RFC 9457 problem whose `code` stands here and in docs/reference/errors.md.

export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request is not valid' },
  'bad-batch': { status: 400, title: 'The batch does not follow the wire contract' },
  unauthenticated: { status: 401, title: 'No valid session, token or agent key came with the request' },
  'bad-credentials': { status: 401, title: 'User name or password is wrong' },
  forbidden: { status: 403, title: 'This account may not do that' },
  'cross-site': { status: 403, title: 'The request came from another site' },
  'agent-revoked': { status: 403, title: 'The key of this agent was revoked' },
  'agent-quarantined': { status: 403, title: 'Two machines seem to use the key of this agent' },
  'not-found': { status: 404, title: 'There is nothing with this id' },
  'already-set-up': { status: 409, title: 'The first administrator exists already' },
  'name-taken': { status: 409, title: 'This name is in use' },
  'wrong-state': { status: 409, title: 'This cannot be done in the present state' },
  'last-admin': { status: 409, title: 'The last active administrator cannot be removed' },
  'identity-conflict': { status: 409, title: 'Another live machine has the same identity' },
  'too-large': { status: 413, title: 'The body is larger than allowed' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON, plain or gzip' },
  'too-many-requests': { status: 429, title: 'Too many requests: wait as long as Retry-After says' },
  'channel-failed': { status: 502, title: 'The channel did not take the message' },
  'storage-full': { status: 507, title: 'The collector cannot write: its disk is full' },
  unavailable: { status: 503, title: 'The collector is starting or stopping' },
  internal: { status: 500, title: 'The collector made a mistake; its log has the details' },
} as const
export type ProblemCode = keyof typeof PROBLEMS

/** What is wrong at one place, for pages that say it in their own language. `other`: only the message says it. */
export const ISSUE_CODES = [
  ...['missing', 'unknown-field', 'wrong-kind', 'not-allowed', 'not-found', 'taken', 'enter-again', 'too-early'],
  ...['too-short', 'too-long', 'too-small', 'too-large', 'too-few', 'too-many'],
  ...['not-an-email', 'not-a-url', 'not-an-address', 'not-a-date', 'wrong-form', 'other'],
] as const
export type IssueCode = (typeof ISSUE_CODES)[number]

/**
 * One thing wrong in the body: `path` names the place ("series.3.points.0.1"), `message` says it in English. `limit` is
 * the number that a code from `too-short` to `too-many` is about, or what is allowed.
 */
export type ProblemIssue = { path: string; message: string; code?: IssueCode; limit?: number | string }

/** RFC 9457 problem details, media type application/problem+json. */
export type Problem = {
  type: string
  title: string
  status: number
  code: ProblemCode
  detail?: string
  issues?: ProblemIssue[]
  retryAfterS?: number
}
