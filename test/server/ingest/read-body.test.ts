import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BATCH_LIMITS } from '../../../protocol/batch.ts'
import { readBody } from '../../../server/ingest/read-body.ts'

const text = Buffer.from('{"wire":1}')

describe('the body of a delivery', () => {
  it.each([
    [undefined, text],
    ['', text],
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['GZIP ', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
  ])('with encoding %j is read', async (encoding, body) => {
    expect(await readBody(body, encoding)).toEqual({ kind: 'body', body: text })
  })

  it.each(['br', 'deflate', 'gzip, gzip', 'zstd'])('with encoding %s is not', async encoding => {
    expect(await readBody(text, encoding)).toEqual({ kind: 'unsupported-encoding' })
  })

  it('that is no gzip, cut off or followed by something else is broken', async () => {
    const packed = gzipSync(text)
    const broken = { kind: 'broken-gzip' }
    expect(await readBody(text, 'gzip')).toEqual(broken)
    expect(await readBody(packed.subarray(0, -4), 'gzip')).toEqual(broken)
    expect(await readBody(Buffer.alloc(0), 'gzip')).toEqual(broken)
  })

  it('may be as large as the limit, unpacked, and not a byte larger', async () => {
    const largest = Buffer.alloc(BATCH_LIMITS.bodyBytes, ' ')
    expect(await readBody(gzipSync(largest), 'gzip')).toMatchObject({ kind: 'body' })
    expect(await readBody(largest, undefined)).toMatchObject({ kind: 'body' })
    const larger = Buffer.concat([largest, Buffer.from(' ')])
    expect(await readBody(gzipSync(larger), 'gzip')).toEqual({ kind: 'too-large' })
    expect(await readBody(larger, undefined)).toEqual({ kind: 'too-large' })
  })

  it('that is a gzip bomb costs no more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
    expect(bomb.byteLength).toBeLessThan(1_000_000)
    const before = process.memoryUsage().rss
    expect(await readBody(bomb, 'gzip')).toEqual({ kind: 'too-large' })
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024)
    const members = Buffer.concat(Array.from({ length: 8 }, () => gzipSync(Buffer.alloc(1024 * 1024))))
    expect(await readBody(members, 'gzip')).toEqual({ kind: 'too-large' })
  })
})
