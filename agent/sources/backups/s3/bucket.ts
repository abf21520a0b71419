// Signed questions to one bucket.
import { askWeb, WEB_FIELDS, type WebAnswer, type WebPlace, webFields } from '../ask-web.ts'
import type { LookContext } from '../backup-tool.ts'
import { readCredentials } from '../credentials.ts'
import { choiceField, FieldError, type Fields, optionalText, pathField, textField } from '../fields.ts'
import type { Trouble } from '../program-trouble.ts'
import { refusal } from './object-list.ts'
import { amzDateOf, authorization, canonicalQuery, EMPTY_SHA256, encoded, type Signed } from './signature.ts'

export type BucketPlace = WebPlace & {
  bucket: string
  region: string
  /** Whether the bucket stands in the path or before the host's name. */
  addressing: 'path' | 'host'
  /** Has AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for keys that end, AWS_SESSION_TOKEN. */
  environmentFile: string
}
export const BUCKET_FIELDS = [...WEB_FIELDS, 'bucket', 'region', 'addressing', 'environmentFile'] as const

const BUCKET = /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/
const LONGEST_PAGE_BYTES = 8 * 1024 * 1024

export function bucketFields(fields: Fields): BucketPlace {
  const bucket = textField(fields, 'bucket')
  if (!BUCKET.test(bucket)) throw new FieldError('bucket', 'must be the name of a bucket')
  return {
    ...webFields(fields),
    bucket,
    region: optionalText(fields, 'region') ?? 'us-east-1',
    addressing: choiceField(fields, 'addressing', ['path', 'host'], 'path'),
    environmentFile: pathField(fields, 'environmentFile'),
  }
}

export type Bucket = {
  trouble: null
  /** Of an object, or of the bucket itself where `key` is empty. Any answer but 200 is trouble. */
  get(key: string, query: Signed['query'], onPart?: (part: Buffer) => void): Promise<WebAnswer | Trouble>
}

export async function openBucket(
  job: BucketPlace,
  { now, signal }: Pick<LookContext, 'now' | 'signal'>,
): Promise<Bucket | Trouble> {
  const credentials = await readCredentials({ environmentFile: job.environmentFile, passwordFile: undefined })
  if (credentials.trouble !== null) return credentials
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = credentials.env
  if (!id || !secret) {
    const detail = `${job.environmentFile} has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY`
    return { trouble: 'configuration-wrong', detail }
  }
  const base = job.url.pathname.replace(/\/+$/, '')
  const isInPath = job.addressing === 'path'
  const url = isInPath ? job.url : new URL(`${job.url.protocol}//${job.bucket}.${job.url.host}`)
  return {
    trouble: null,
    async get(key, query, onPart) {
      const ofKey = key === '' ? '' : `/${key.split('/').map(encoded).join('/')}`
      const path = isInPath ? `${base}/${encoded(job.bucket)}${ofKey}` : `${base}${ofKey || '/'}`
      const amzDate = amzDateOf(now())
      const headers = {
        ...{ host: url.host, 'x-amz-content-sha256': EMPTY_SHA256, 'x-amz-date': amzDate },
        ...(token && { 'x-amz-security-token': token }),
      }
      const signed = { method: 'GET', path, query, headers, region: job.region, service: 's3' }
      const question = {
        path: query.length === 0 ? path : `${path}?${canonicalQuery(query)}`,
        headers: { ...headers, authorization: authorization(signed, amzDate, { id, secret }) },
        longestAnswerBytes: LONGEST_PAGE_BYTES,
      }
      const answer = await askWeb({ ...job, url }, { ...question, signal, ...(onPart && { onPart }) })
      if (answer.trouble !== null || answer.status === 200) return answer
      return refusal(answer.status, answer.text, answer.headers['x-amz-bucket-region']?.toString())
    },
  }
}
