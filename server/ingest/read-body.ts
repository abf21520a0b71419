// The body of a delivery as plain bytes, never more than a batch may have: a small gzip can hide a very large text.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { BATCH_LIMITS } from '../../protocol/batch.ts'

const gunzipAsync = promisify(gunzip)

export type ReadBody =
  | { kind: 'body'; body: Buffer }
  | { kind: 'too-large' }
  | { kind: 'unsupported-encoding' }
  | { kind: 'broken-gzip' }

/** `contentEncoding` as the header says it; undefined is plain. */
export async function readBody(body: Buffer, contentEncoding: string | undefined): Promise<ReadBody> {
  if (body.byteLength > BATCH_LIMITS.bodyBytes) return { kind: 'too-large' }
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity'
  if (encoding === '' || encoding === 'identity') return { kind: 'body', body }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return { kind: 'unsupported-encoding' }
  try {
    return { kind: 'body', body: await gunzipAsync(body, { maxOutputLength: BATCH_LIMITS.bodyBytes }) }
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return { kind: isTooLarge ? 'too-large' : 'broken-gzip' }
  }
}
