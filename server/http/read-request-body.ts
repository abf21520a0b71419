import type { IncomingMessage } from 'node:http'
import { ProblemError } from '../platform/problem-error.ts'

/** The body as it came over the wire. Errors: `too-large`, before more than the limit is kept. */
export async function readRequestBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new ProblemError('too-large')
  return await new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limitBytes) {
        reject(new ProblemError('too-large'))
        request.destroy()
      } else chunks.push(chunk)
    })
    request.on('end', () => {
      const [only] = chunks
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks))
      // A connection keeps its last request until the next one comes, and that these listeners: ten seconds of bodies.
      chunks = []
    })
    request.on('error', reject)
    request.on('close', () => {
      // It comes after each request; an error that nobody hears of costs its stack trace all the same.
      if (!request.complete) reject(new Error('the connection was closed before the body was whole'))
    })
  })
}
