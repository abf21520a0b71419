// Copies as objects of a bucket of S3, or of what speaks like it: each object that fits is one. Who knows its names, sizes
// and times does not know whether it can be read back.

import { BACKUP_LIMITS } from '../../../../protocol/backup-words.ts'
import type { SeenCopy } from '../../../../protocol/backups.ts'
import { askWeb, WEB_FIELDS, type WebPlace, webFields } from '../ask-web.ts'
import type { BackupTool, Look, LookContext } from '../backup-tool.ts'
import { readCredentials } from '../credentials.ts'
import { choiceField, FieldError, type Fields, optionalText, pathField, refuseOthers, textField } from '../fields.ts'
import type { Trouble } from '../program-trouble.ts'
import { type Page, parsePage, refusal } from './object-list.ts'
import { amzDateOf, authorization, canonicalQuery, EMPTY_SHA256, encoded, type Keys } from './signature.ts'

export type S3Job = WebPlace & {
  bucket: string
  region: string
  prefix: string
  /** Of the whole key; "*" stands for anything. */
  pattern: RegExp
  /** Whether the bucket stands in the path or before the host's name. */
  addressing: 'path' | 'host'
  /** Has AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for keys that end, AWS_SESSION_TOKEN. */
  environmentFile: string
}

const FIELDS = [...WEB_FIELDS, 'bucket', 'region', 'prefix', 'pattern', 'addressing', 'environmentFile']
const BUCKET = /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/
/** A page has a thousand objects. */
const MOST_PAGES = 1_000
const LONGEST_PAGE_BYTES = 8 * 1024 * 1024

export const s3: BackupTool<S3Job> = {
  name: 's3',
  parse,
  async look(job, context) {
    const credentials = await readCredentials({ environmentFile: job.environmentFile, passwordFile: undefined })
    if (credentials.trouble !== null) return credentials
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = credentials.env
    if (!id || !secret) {
      const detail = `${job.environmentFile} has no AWS_ACCESS_KEY_ID or no AWS_SECRET_ACCESS_KEY`
      return { trouble: 'configuration-wrong', detail }
    }
    return listAll(job, { id, secret, token }, context)
  },
}

function parse(fields: Fields): S3Job {
  refuseOthers(fields, FIELDS)
  const bucket = textField(fields, 'bucket')
  if (!BUCKET.test(bucket)) throw new FieldError('bucket', 'must be the name of a bucket')
  return {
    ...webFields(fields),
    bucket,
    region: optionalText(fields, 'region') ?? 'us-east-1',
    prefix: optionalText(fields, 'prefix') ?? '',
    pattern: patternOf(optionalText(fields, 'pattern') ?? '*'),
    addressing: choiceField(fields, 'addressing', ['path', 'host'], 'path'),
    environmentFile: pathField(fields, 'environmentFile'),
  }
}

const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's')

async function listAll(job: S3Job, keys: Keys, context: LookContext): Promise<Look> {
  let newest: SeenCopy[] = []
  let [copyCount, objectCount] = [0, 0]
  let oldestAt: number | null = null
  const tokens = new Set<string>()
  for (let token: string | undefined; ; ) {
    const page = await askPage(job, keys, token, context)
    if (page.trouble !== null) return page
    objectCount += page.objects.length
    const fitting = page.objects.filter(({ key }) => job.pattern.test(key) && !key.endsWith('/'))
    copyCount += fitting.length
    for (const { modifiedAt } of fitting) oldestAt = Math.min(oldestAt ?? modifiedAt, modifiedAt)
    const copies = fitting.map(({ key, modifiedAt, bytes }) => {
      const trouble = bytes === 0 ? ('empty' as const) : null
      return { id: key, takenAt: modifiedAt, bytes, tookMs: null, trouble }
    })
    newest = [...newest, ...copies].sort((a, b) => b.takenAt - a.takenAt).slice(0, BACKUP_LIMITS.copies)
    if (page.next === undefined) break
    if (tokens.has(page.next))
      return { trouble: 'answer-unreadable', detail: 'the same page was given again and again' }
    if (tokens.size >= MOST_PAGES)
      return { trouble: 'answer-unreadable', detail: `more than ${objectCount} objects: choose a narrower prefix` }
    token = page.next
    tokens.add(token)
  }
  if (copyCount > 0) return { trouble: null, copies: newest, copyCount, oldestAt, verifiedAt: null }
  return { trouble: 'nothing-there', detail: `${objectCount} objects below the prefix, none of them fits the pattern` }
}

async function askPage(
  job: S3Job,
  keys: Keys,
  token: string | undefined,
  { now, signal }: LookContext,
): Promise<({ trouble: null } & Page) | Trouble> {
  const query: [string, string][] = [
    ['list-type', '2'],
    ['encoding-type', 'url'],
    ['max-keys', '1000'],
    ['prefix', job.prefix],
    ...(token === undefined ? [] : [['continuation-token', token] as [string, string]]),
  ]
  const base = job.url.pathname.replace(/\/+$/, '')
  const [url, path] =
    job.addressing === 'path'
      ? [job.url, `${base}/${encoded(job.bucket)}`]
      : [new URL(`${job.url.protocol}//${job.bucket}.${job.url.host}`), `${base}/`]
  const amzDate = amzDateOf(now())
  const headers = {
    ...{ host: url.host, 'x-amz-content-sha256': EMPTY_SHA256, 'x-amz-date': amzDate },
    ...(keys.token === undefined ? {} : { 'x-amz-security-token': keys.token }),
  }
  const signed = { method: 'GET', path, query, headers, region: job.region, service: 's3' }
  const answer = await askWeb(
    { ...job, url },
    {
      path: `${path}?${canonicalQuery(query)}`,
      headers: { ...headers, authorization: authorization(signed, amzDate, keys) },
      signal,
      longestAnswerBytes: LONGEST_PAGE_BYTES,
    },
  )
  if (answer.trouble !== null) return answer
  if (answer.status !== 200)
    return refusal(answer.status, answer.text, answer.headers['x-amz-bucket-region']?.toString())
  const page = parsePage(answer.text)
  if (page === undefined) return { trouble: 'answer-unreadable', detail: 'the answer is no whole list of a bucket' }
  return { trouble: null, ...page }
}
