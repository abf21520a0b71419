// Signature version 4, as S3 and what speaks like it ask for it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
import { createHash, createHmac } from 'node:crypto'

export type Keys = { id: string; secret: string }

export type Signed = {
  method: string
  /** As it goes over the wire, already encoded, without the query. */
  path: string
  /** Names and values as they are, not encoded. */
  query: readonly (readonly [name: string, value: string])[]
  /** All of them are signed; `host` must be among them. */
  headers: Readonly<Record<string, string>>
  region: string
  service: string
}

export const EMPTY_SHA256 = createHash('sha256').digest('hex')

/** `Authorization` of a request without a body. `amzDate` is that of its header x-amz-date: 20130524T000000Z. */
export function authorization(request: Signed, amzDate: string, { id, secret }: Keys): string {
  const { method, path, headers, region, service } = request
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const names = lines.map(([name]) => name).join(';')
  const canonical = [
    ...[method, path, canonicalQuery(request.query)],
    ...[...lines.map(line => line.join(':')), '', names, EMPTY_SHA256],
  ].join('\n')
  const day = amzDate.slice(0, 8)
  const scope = `${day}/${region}/${service}/aws4_request`
  const hash = createHash('sha256').update(canonical).digest('hex')
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (signing, part) => createHmac('sha256', signing).update(part).digest(),
    `AWS4${secret}`,
  )
  const text = ['AWS4-HMAC-SHA256', amzDate, scope, hash].join('\n')
  const signature = createHmac('sha256', key).update(text).digest('hex')
  return `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`
}

/** The query as it must be signed, and as well may be sent. */
export function canonicalQuery(query: Signed['query']): string {
  return query
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(pair => pair.join('='))
    .join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** RFC 3986: all but letters, digits and -._~ */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, one => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
}

export const amzDateOf = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')
