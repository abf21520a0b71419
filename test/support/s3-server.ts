// A server that answers like S3: it checks the signature of each request by its own reading of the specification, keeps what
// is put into it, lists it in pages, and misbehaves where a test wants that.
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const S3_KEYS = { id: 'AKIAPANTAU0000000001', secret: 'rahasia-kota-7b/kunci+s3' }
export const S3_REGION = 'ap-southeast-3'
const SKEW_MS = 15 * 60_000

export type S3Object = { key: string; bytes: number; modifiedAt: number; etag: string; content?: Buffer }
/** What it does instead of answering well. */
export type S3Mood =
  | 'well'
  | 'truncated'
  | 'endless-pages'
  | 'endless-answer'
  | 'html'
  | 'hangs'
  | 'breaks-off'
  | 'cut'
  | 'slow-down'

export type S3Server = {
  url: string
  buckets: Map<string, S3Object[]>
  mood: S3Mood
  pageSize: number
  /** Added to its clock. */
  aheadMs: number
  /** What was asked so far: method and path with query. */
  asked: string[]
  close(): Promise<void>
}

export async function startS3Server(): Promise<S3Server> {
  const http = createServer((request, response) => {
    answer(request, response).catch(error => response.destroy(error))
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const server: S3Server = {
    ...{ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, buckets: new Map() },
    ...{ mood: 'well', pageSize: 1_000, aheadMs: 0, asked: [] },
    close: () => {
      http.closeAllConnections()
      return new Promise(resolve => http.close(() => resolve()))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    server.asked.push(`${request.method} ${request.url}`)
    const url = new URL(request.url ?? '/', server.url)
    const send = (status: number, text: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(text)
    }
    const refuse = (status: number, code: string, message: string, headers = {}): void =>
      send(status, `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`, headers)

    if (server.mood === 'hangs') return
    if (server.mood === 'html') return send(200, '<html><body>Sign in to the guest network</body></html>')
    if (server.mood === 'slow-down') return refuse(503, 'SlowDown', 'Please reduce your request rate.')
    const { code, message, status, region } = refusalOf(request, body, server)
    if (code !== undefined) return refuse(status, code, message, region ? { 'x-amz-bucket-region': region } : {})

    const [, bucket = '', ...rest] = url.pathname.split('/')
    const objects = server.buckets.get(bucket)
    if (objects === undefined) return refuse(404, 'NoSuchBucket', 'The specified bucket does not exist')
    if (bucket === 'tertutup') return refuse(403, 'AccessDenied', 'Access Denied')
    if (bucket === 'pindah')
      return refuse(301, 'PermanentRedirect', 'Use another endpoint', { 'x-amz-bucket-region': 'eu-west-1' })
    if (url.searchParams.has('location')) return send(200, `<LocationConstraint>${S3_REGION}</LocationConstraint>`)
    if (request.method === 'PUT') {
      const etag = createHash('md5').update(body).digest('hex')
      objects.push({
        key: decodeURIComponent(rest.join('/')),
        bytes: body.length,
        modifiedAt: Date.now(),
        etag,
        content: body,
      })
      return send(200, '', { etag: `"${etag}"` })
    }
    if (rest.join('/') !== '') {
      const object = objects.find(({ key }) => key === decodeURIComponent(rest.join('/')))
      if (object?.content === undefined) return refuse(404, 'NoSuchKey', 'The specified key does not exist.')
      const { content, etag } = object
      response.writeHead(200, { 'content-length': String(content.length), etag: `"${etag}"` })
      if (server.mood === 'cut') response.write(content.subarray(0, content.length / 2), () => response.destroy())
      else response.end(content)
      return
    }
    const page = pageOf(objects, url.searchParams, server)
    if (server.mood === 'truncated') return send(200, page.slice(0, page.length * 0.7))
    if (server.mood === 'breaks-off') {
      response
        .writeHead(200, { 'content-length': String(page.length) })
        .write(page.slice(0, 100), () => response.destroy())
      return
    }
    if (server.mood !== 'endless-answer') return send(200, page)
    response.writeHead(200)
    const block = Buffer.alloc(256 * 1024, ' ')
    const more = (): void => {
      while (!response.destroyed && response.write(block)) {}
      response.once('drain', more)
    }
    more()
  }
  return server
}

function pageOf(objects: readonly S3Object[], query: URLSearchParams, { mood, pageSize }: S3Server): string {
  const prefix = query.get('prefix') ?? ''
  const sorted = objects.filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1))
  const from = mood === 'endless-pages' ? 0 : Number(query.get('continuation-token')?.replace('dari-', '') ?? 0)
  const until = from + Math.min(pageSize, Number(query.get('max-keys') ?? 1_000))
  const isTruncated = mood === 'endless-pages' || until < sorted.length
  const isEncoded = query.get('encoding-type') === 'url'
  const contents = sorted.slice(from, until).map(
    ({ key, bytes, modifiedAt, etag }) => `<Contents>
    <Key>${isEncoded ? encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+') : key.replaceAll('&', '&amp;')}</Key>
    <LastModified>${new Date(modifiedAt).toISOString()}</LastModified>
    <ETag>&quot;${etag}&quot;</ETag><Size>${bytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${prefix}</Prefix>
  <KeyCount>${contents.length}</KeyCount><IsTruncated>${isTruncated}</IsTruncated>
  ${isTruncated ? `<NextContinuationToken>dari-${until}</NextContinuationToken>` : ''}
  ${isEncoded ? '<EncodingType>url</EncodingType>' : ''}${contents.join('')}
</ListBucketResult>`
}

type Refusal = { code?: string; message: string; status: number; region?: string }

/** As https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html has it, from what came over the wire. */
function refusalOf(request: IncomingMessage, body: Buffer, { aheadMs }: S3Server): Refusal {
  const header = (name: string): string => request.headers[name]?.toString() ?? ''
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header('authorization'),
    )
  const refused = (status: number, code: string, message: string): Refusal => ({ status, code, message })
  if (parts === null) return refused(403, 'AccessDenied', 'Anonymous access is forbidden')
  const [, id = '', day = '', region = '', names = '', signature = ''] = parts
  if (id !== S3_KEYS.id) return refused(403, 'InvalidAccessKeyId', 'The key does not exist in our records')
  const date = header('x-amz-date')
  const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(at - (Date.now() + aheadMs)) < SKEW_MS))
    return refused(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large',
    )
  if (region !== S3_REGION)
    return { ...refused(400, 'AuthorizationHeaderMalformed', `expecting '${S3_REGION}'`), region: S3_REGION }
  const payload = header('x-amz-content-sha256')
  if (payload !== createHash('sha256').update(body).digest('hex'))
    return refused(400, 'XAmzContentSHA256Mismatch', 'The body is another than the one that was signed')
  const [path = '', query = ''] = (request.url ?? '').split('?')
  const pairs = query === '' ? [] : query.split('&').map(pair => (pair.includes('=') ? pair : `${pair}=`))
  const lines = names.split(';').map(name => `${name}:${header(name).trim()}\n`)
  const canonical = `${request.method}\n${path}\n${pairs.sort().join('&')}\n${lines.join('')}\n${names}\n${payload}`
  const text = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`
  const hmac = (key: string | Buffer, message: string): Buffer => createHmac('sha256', key).update(message).digest()
  const key = hmac(hmac(hmac(hmac(`AWS4${S3_KEYS.secret}`, day), region), 's3'), 'aws4_request')
  return hmac(key, text).toString('hex') === signature
    ? { message: '', status: 200 }
    : refused(403, 'SignatureDoesNotMatch', 'The signature we calculated does not match the one you provided')
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}
