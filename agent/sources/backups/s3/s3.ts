// Copies as objects of a bucket of S3, or of what speaks like it: each object that fits is one. Who knows its names, sizes
// and times does not know whether it can be read back.

import { BACKUP_LIMITS } from '../../../../protocol/backup-words.ts'
import type { BackupTool } from '../backup-tool.ts'
import { type Fields, optionalText, refuseOthers } from '../fields.ts'
import type { Trouble } from '../program-trouble.ts'
import { BUCKET_FIELDS, type Bucket, type BucketPlace, bucketFields, openBucket } from './bucket.ts'
import { type Page, parsePage, type StoredObject } from './object-list.ts'
import { restoreObject } from './restore-object.ts'

export type S3Job = BucketPlace & {
  prefix: string
  /** Of the whole key; "*" stands for anything. */
  pattern: RegExp
}

const FIELDS = [...BUCKET_FIELDS, 'prefix', 'pattern']
/** A page has a thousand objects. */
const MOST_PAGES = 1_000

export const s3: BackupTool<S3Job> = {
  name: 's3',
  parse,
  async look(job, context) {
    const bucket = await openBucket(job, context)
    if (bucket.trouble !== null) return bucket
    const listed = await listAll(bucket, job)
    if (listed.trouble !== null) return listed
    return {
      trouble: null,
      copies: listed.newest.map(({ key, modifiedAt, bytes }) => {
        return { id: key, takenAt: modifiedAt, bytes, tookMs: null, trouble: bytes === 0 ? 'empty' : null }
      }),
      copyCount: listed.count,
      oldestAt: listed.oldestAt,
      verifiedAt: null,
    }
  },
  async restore(job, context) {
    const bucket = await openBucket(job, context)
    if (bucket.trouble !== null) return bucket
    const listed = await listAll(bucket, job)
    return listed.trouble === null ? restoreObject(bucket, listed.newest[0], context) : listed
  },
}

function parse(fields: Fields): S3Job {
  refuseOthers(fields, FIELDS)
  return {
    ...bucketFields(fields),
    prefix: optionalText(fields, 'prefix') ?? '',
    pattern: patternOf(optionalText(fields, 'pattern') ?? '*'),
  }
}

const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's')

export type Listed = { trouble: null; newest: StoredObject[]; count: number; oldestAt: number }

/** The newest objects that fit, and how many there are. That there is none is trouble. */
async function listAll(bucket: Bucket, job: S3Job): Promise<Listed | Trouble> {
  let newest: StoredObject[] = []
  let [count, objectCount, oldestAt] = [0, 0, Number.POSITIVE_INFINITY]
  const tokens = new Set<string>()
  for (let token: string | undefined; ; ) {
    const page = await askPage(bucket, job.prefix, token)
    if (page.trouble !== null) return page
    objectCount += page.objects.length
    const fitting = page.objects.filter(({ key }) => job.pattern.test(key) && !key.endsWith('/'))
    count += fitting.length
    for (const { modifiedAt } of fitting) oldestAt = Math.min(oldestAt, modifiedAt)
    newest = [...newest, ...fitting].sort((a, b) => b.modifiedAt - a.modifiedAt).slice(0, BACKUP_LIMITS.copies)
    if (page.next === undefined) break
    if (tokens.has(page.next))
      return { trouble: 'answer-unreadable', detail: 'the same page was given again and again' }
    if (tokens.size >= MOST_PAGES)
      return { trouble: 'answer-unreadable', detail: `more than ${objectCount} objects: choose a narrower prefix` }
    token = page.next
    tokens.add(token)
  }
  if (count > 0) return { trouble: null, newest, count, oldestAt }
  return { trouble: 'nothing-there', detail: `${objectCount} objects below the prefix, none of them fits the pattern` }
}

async function askPage(
  bucket: Bucket,
  prefix: string,
  token: string | undefined,
): Promise<({ trouble: null } & Page) | Trouble> {
  const answer = await bucket.get('', [
    ['list-type', '2'],
    ['encoding-type', 'url'],
    ['max-keys', '1000'],
    ['prefix', prefix],
    ...(token === undefined ? [] : [['continuation-token', token] as const]),
  ])
  if (answer.trouble !== null) return answer
  const page = parsePage(answer.text)
  if (page === undefined) return { trouble: 'answer-unreadable', detail: 'the answer is no whole list of a bucket' }
  return { trouble: null, ...page }
}
