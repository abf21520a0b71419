// The door for all that is measured: throttle, read, parse strictly, journal; only then acknowledge.
import { z } from 'zod'
import { type BatchReceipt, batchHeaders, LANE_HEADER, SENT_AT_HEADER } from '../../protocol/batch.ts'
import type { ProblemCode, ProblemIssue } from '../../protocol/problem.ts'
import { instant } from '../../protocol/shapes.ts'
import type { Lane } from '../../protocol/vocabulary.ts'
import { type BatchReader, createBatchReader, subjectsOf } from './batch-reader.ts'
import type { SeenBatch } from './clone-watch.ts'
import { skewMsOf } from './decode-batch.ts'
import type { Journal } from './journal.ts'
import { journalProblem } from './journal-problem.ts'
import { MAX_ISSUES } from './parse-batch.ts'
import { readBody } from './read-body.ts'
import type { Throttle } from './throttle.ts'

export type Delivery = {
  /** Whose key came with the request. */
  agentId: string
  /** All headers, names in small letters; only the two of the wire contract are looked at. */
  headers: Record<string, string | string[] | undefined>
  body: Buffer
  contentEncoding: string | undefined
}

export type Acceptance =
  | { kind: 'receipt'; receipt: BatchReceipt }
  | { kind: 'problem'; code: ProblemCode; detail?: string; issues?: ProblemIssue[]; retryAfterS?: number }

export type AcceptBatch = (delivery: Delivery) => Promise<Acceptance>

export type AcceptBatchDeps = {
  journal: Pick<Journal, 'append'>
  throttle: Throttle
  now: () => number
  reader?: BatchReader
  /** Why there must be two of this agent, after it was put in quarantine for that; null when all is well. */
  findClone?: (batch: SeenBatch) => Promise<string | null>
  /** Devices among these that this agent may not speak for. */
  foreign?: (agentId: string, subjectIds: Iterable<string>) => Promise<Set<string>>
}

/** Only plain digits: an empty header must not become the year 1970. */
const wireHeaders = z.object({
  ...batchHeaders.shape,
  [SENT_AT_HEADER]: z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .pipe(instant),
})

/** From the clock's beginning into the year 5138: what is written otherwise is a matter for the schema. */
const USUAL_INSTANT = /^\d{1,14}$/

function readHeaders(headers: Delivery['headers']): { sentAt: number; lane: Lane } | { issues: ProblemIssue[] } {
  const { [SENT_AT_HEADER]: sentAt, [LANE_HEADER]: lane } = headers
  if ((lane === 'fresh' || lane === 'catchup') && typeof sentAt === 'string' && USUAL_INSTANT.test(sentAt)) {
    return { sentAt: Number(sentAt), lane }
  }
  const parsed = wireHeaders.safeParse({ [SENT_AT_HEADER]: sentAt, [LANE_HEADER]: lane })
  if (parsed.success) return { sentAt: parsed.data[SENT_AT_HEADER], lane: parsed.data[LANE_HEADER] }
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path: `header ${path.join('.')}`, message })) }
}

function badBatch(issues: ProblemIssue[]): Acceptance {
  return { kind: 'problem', code: 'bad-batch', issues }
}

/** Rejects only when the journal is broken (StorageError storage-failed, damaged); a refusal is a `problem`. */
export function createAcceptBatch(deps: AcceptBatchDeps): AcceptBatch {
  const { journal, throttle, now, reader = createBatchReader(), findClone, foreign } = deps
  return async ({ agentId, headers, body, contentEncoding }) => {
    const receivedAt = now()
    const waitMs = throttle.take(agentId, receivedAt)
    if (waitMs > 0) return { kind: 'problem', code: 'too-many-requests', retryAfterS: Math.ceil(waitMs / 1000) }

    const told = readHeaders(headers)
    if ('issues' in told) return badBatch(told.issues)
    const { sentAt, lane } = told

    const read = await readBody(body, contentEncoding)
    if (read.kind === 'too-large') return { kind: 'problem', code: 'too-large' }
    if (read.kind === 'unsupported-encoding') return { kind: 'problem', code: 'unsupported-media-type' }
    if (read.kind === 'broken-gzip') return badBatch([{ path: '', message: 'Not valid gzip' }])

    const found = reader.read(agentId, read.body, skewMsOf({ sentAt, receivedAt }))
    if (found.kind === 'issues') return badBatch(found.issues)
    const { packed } = found

    const subjects = subjectsOf(packed)
    const refused =
      subjects.length === 0
        ? undefined
        : await foreign?.(
            agentId,
            subjects.map(({ id }) => id),
          )
    const issues = subjects.filter(({ id }) => refused?.has(id)).slice(0, MAX_ISSUES)
    if (issues.length > 0) {
      return badBatch(issues.map(({ path, id }) => ({ path, message: `This agent does not poll the device ${id}` })))
    }

    const { spool, number } = packed.rest
    const clone = await findClone?.({ agentId, spool, number, lane, body: read.body, at: receivedAt })
    if (clone) return { kind: 'problem', code: 'agent-quarantined', detail: clone }
    try {
      const delivery = { agentId, spool, number, lane, sentAt, receivedAt, body: read.body, packed }
      const { duplicate } = await journal.append(delivery)
      return { kind: 'receipt', receipt: { acknowledged: number, duplicate, receivedAt } }
    } catch (error) {
      return journalProblem(error)
    }
  }
}
