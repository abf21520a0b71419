import type { IncomingMessage } from 'node:http'
import { ProblemError } from '../platform/problem-error.ts'

/** The body as it came over the wire. Errors: `too-large`, before more than the limit is kept. */
export async function readRequestBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new ProblemError('too-large')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limitBytes) throw new ProblemError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
