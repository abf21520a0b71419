import type { HttpAnswer } from './http-client.ts'

/** What the collector's answer means for the batch that was sent. */
export type Outcome =
  | { kind: 'delivered' }
  /** This batch will never be accepted: it goes out of the way. */
  | { kind: 'rejected'; problem: string }
  /** The agent itself is refused: a person must act; the batch stays. */
  | { kind: 'refused'; problem: string }
  /** The collector or the way to it has trouble: the batch stays. */
  | { kind: 'later'; problem: string }

type ProblemFields = { code: string; detail: string }

/** Code and detail of an RFC 9457 problem; undefined when something other than a collector wrote the body. */
export function parseProblem(text: string): ProblemFields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('code' in value) || typeof value.code !== 'string')
      return undefined
    const title = 'title' in value ? String(value.title) : ''
    const detail = 'detail' in value ? String(value.detail) : title
    const issues =
      'issues' in value && Array.isArray(value.issues) ? ` ${JSON.stringify(value.issues.slice(0, 5))}` : ''
    return { code: value.code, detail: `${detail}${issues}`.slice(0, 2_000) }
  } catch {
    return undefined
  }
}

/** When the collector took the batch, by its own clock; undefined when the receipt does not say so. */
export function receiptTimeMs(text: string): number | undefined {
  const receipt: unknown = JSON.parse(text)
  if (typeof receipt !== 'object' || receipt === null || !('receivedAt' in receipt)) return undefined
  return typeof receipt.receivedAt === 'number' && Number.isSafeInteger(receipt.receivedAt)
    ? receipt.receivedAt
    : undefined
}

/** A receipt must name the number that was sent: a proxy that answers 200 to everything has stored nothing. */
function acknowledges(text: string, number: number): boolean {
  try {
    const receipt: unknown = JSON.parse(text)
    return (
      typeof receipt === 'object' && receipt !== null && 'acknowledged' in receipt && receipt.acknowledged === number
    )
  } catch {
    return false
  }
}

export function judgeAnswer(answer: HttpAnswer, number: number): Outcome {
  const { status, text } = answer
  if (status >= 200 && status < 300) {
    if (acknowledges(text, number)) return { kind: 'delivered' }
    return { kind: 'later', problem: `status ${status} without a receipt for this batch: is this address a collector?` }
  }
  const fields = parseProblem(text)
  const problem = fields === undefined ? `status ${status}` : `status ${status} ${fields.code}: ${fields.detail}`
  // A 400 that is not a problem of ours comes from a proxy and says nothing about the batch. 413 is about its size,
  // whoever says it.
  if ((status === 400 && fields !== undefined) || status === 413) return { kind: 'rejected', problem }
  if (status === 401 || status === 403 || status === 409) return { kind: 'refused', problem }
  return { kind: 'later', problem }
}
