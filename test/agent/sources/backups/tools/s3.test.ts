import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { authorization, EMPTY_SHA256 } from '../../../../../agent/sources/backups/s3/signature.ts'
import { S3_KEYS, S3_REGION, type S3Mood, type S3Object, startS3Server } from '../../../../support/s3-server.ts'
import { mountSmallDisk } from '../../../../support/small-disk.ts'
import { type BackupCase, holdCase, PASSWORD } from './backup-case.ts'
import { noise } from './changed-copy.ts'

const folder = mkdtempSync(join(tmpdir(), 'pantau-s3-'))
const server = await startS3Server()
const keyFile = (name: string, id: string, secret: string): string => {
  const path = join(folder, name)
  writeFileSync(path, `# kunci\nAWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY="${secret}"\n`)
  return path
}
const own = keyFile('own.env', S3_KEYS.id, S3_KEYS.secret)
afterAll(async () => {
  await server.close()
  tiny.remove()
  rmSync(folder, { recursive: true })
})

const DAY_MS = 86_400_000
const night = (daysAgo: number): number => Date.UTC(2026, 10, 22, 22) - DAY_MS - daysAgo * DAY_MS
const dump = (daysAgo: number, bytes: number) => {
  const day = new Date(night(daysAgo)).toISOString().slice(0, 10)
  return {
    key: `warga & desa/${day} (malam).dump`,
    bytes,
    modifiedAt: night(daysAgo),
    etag: '9bb58f26192e4ba00f01e2e7b136bbd8-5',
  }
}
const MEBIBYTE = 1024 ** 2
const md5 = (content: Buffer): Buffer => createHash('md5').update(content).digest()
const content = noise(2.5 * MEBIBYTE, 7)
const parts = [0, 1, 2].map(part => md5(content.subarray(part * MEBIBYTE, (part + 1) * MEBIBYTE)))
const whole = { bytes: content.length, modifiedAt: night(0), content }
/** One object in each folder. */
const CONTENTS: readonly S3Object[] = [
  { ...whole, key: 'sekali/malam + 1.dump', etag: md5(content).toString('hex') },
  { ...whole, key: 'bagian/malam.dump', etag: `${md5(Buffer.concat(parts)).toString('hex')}-3` },
  { ...whole, key: 'lain/malam.dump', etag: `${md5(content).toString('hex')}-3` },
  { ...whole, key: 'rusak/malam.dump', etag: md5(Buffer.from('lain')).toString('hex') },
  { ...whole, key: 'pendek/malam.dump', bytes: content.length + 1, etag: md5(content).toString('hex') },
  { key: 'hilang/malam.dump', bytes: 9, modifiedAt: night(0), etag: '' },
]
const tiny = mountSmallDisk(1)
beforeEach(() => {
  Object.assign(server, { mood: 'well', pageSize: 1_000, aheadMs: 0 })
  const other = { key: 'gaji/2026-11-21.dump', bytes: 5, modifiedAt: night(0), etag: '' }
  const folderMark = { key: 'warga & desa/', bytes: 0, modifiedAt: night(0), etag: '' }
  server.buckets.clear()
  server.buckets.set('cadangan', [
    ...[0, 1, 2, 3, 4, 5, 6].map(ago => dump(ago, ago === 0 ? 90 : 1_000)),
    other,
    folderMark,
  ])
  server.buckets.set('kosong', [{ key: 'tadi.dump', bytes: 0, modifiedAt: night(0), etag: '' }])
  server.buckets.set('isi', [...CONTENTS])
  for (const name of ['hampa', 'tertutup', 'pindah']) server.buckets.set(name, [])
})

const job = (more: object = {}) => ({
  ...{ url: server.url, bucket: 'cadangan', region: S3_REGION, prefix: 'warga & desa/', pattern: '*.dump' },
  ...{ environmentFile: own, ...more },
})
type S3Case = BackupCase & { mood?: S3Mood; pageSize?: number; aheadMs?: number }
const look = { action: 'look' } as const
const restored = (folder: string) => ({
  action: 'restore all' as const,
  job: job({ bucket: 'isi', prefix: `${folder}/` }),
})
const held = (checksumsHeld: number) => ({ files: 1, bytes: content.length, checksumsHeld })

const CASES: readonly S3Case[] = [
  {
    ...look,
    what: 'a copy shrunk to a part, and a week of nights before',
    job: job(),
    trouble: null,
    copies: [
      { id: 'warga & desa/2026-11-21 (malam).dump', bytes: 90, takenAt: night(0) },
      ...[1, 2, 3, 4, 5, 6].map(ago => ({ bytes: 1_000, takenAt: night(ago) })),
    ],
  },
  {
    ...look,
    what: 'the same over many pages',
    pageSize: 2,
    job: job(),
    trouble: null,
    copies: [0, 1, 2, 3, 4, 5, 6].map(ago => ({ takenAt: night(ago) })),
  },
  {
    ...look,
    what: 'an empty object',
    job: job({ bucket: 'kosong', prefix: undefined }),
    trouble: null,
    copies: [{ trouble: 'empty' }],
  },
  { ...look, what: 'an empty bucket', job: job({ bucket: 'hampa' }), trouble: 'nothing-there', says: /0 objects/ },
  {
    ...look,
    what: 'objects of which none fits',
    job: job({ pattern: '*.sql.gz' }),
    trouble: 'nothing-there',
    says: /8 objects/,
  },
  {
    ...look,
    what: 'a bucket that is gone',
    job: job({ bucket: 'tiada' }),
    trouble: 'repository-missing',
    says: /NoSuchBucket/,
  },
  {
    ...look,
    what: 'a bucket that is closed to it',
    job: job({ bucket: 'tertutup' }),
    trouble: 'permission-denied',
    says: /AccessDenied/,
  },
  {
    ...look,
    what: 'a bucket that is elsewhere',
    job: job({ bucket: 'pindah' }),
    trouble: 'configuration-wrong',
    says: /eu-west-1/,
  },
  {
    ...look,
    what: 'a wrong region',
    job: job({ region: 'us-east-1' }),
    trouble: 'configuration-wrong',
    says: /ap-southeast-3/,
  },
  {
    ...look,
    what: 'a key that nobody knows',
    job: job({ environmentFile: keyFile('id.env', 'AKIAORANGLAIN', PASSWORD) }),
    trouble: 'wrong-password',
    says: /InvalidAccessKeyId/,
  },
  {
    ...look,
    what: 'a wrong secret',
    job: job({ environmentFile: keyFile('secret.env', S3_KEYS.id, PASSWORD) }),
    trouble: 'wrong-password',
    says: /SignatureDoesNotMatch/,
  },
  {
    ...look,
    what: 'a file of keys without one',
    job: job({ environmentFile: keyFile('none.env', '', '') }),
    trouble: 'configuration-wrong',
    says: /AWS_ACCESS_KEY_ID/,
  },
  {
    ...look,
    what: 'two clocks that are far apart',
    aheadMs: DAY_MS,
    job: job(),
    trouble: 'permission-denied',
    says: /RequestTimeTooSkewed/,
  },
  {
    ...look,
    what: 'an answer that is cut',
    mood: 'truncated',
    job: job(),
    trouble: 'answer-unreadable',
    says: /no whole list/,
  },
  {
    ...look,
    what: 'an answer that breaks off',
    mood: 'breaks-off',
    job: job(),
    trouble: 'answer-unreadable',
    says: /broke off/,
  },
  {
    ...look,
    what: 'an answer that never ends',
    mood: 'endless-answer',
    job: job(),
    trouble: 'answer-unreadable',
    says: /never came to an end/,
  },
  {
    ...look,
    what: 'pages that never end',
    mood: 'endless-pages',
    job: job(),
    trouble: 'answer-unreadable',
    says: /again and again/,
  },
  { ...look, what: 'the page of a guest network', mood: 'html', job: job(), trouble: 'answer-unreadable' },
  {
    ...look,
    what: 'a server that is overloaded',
    mood: 'slow-down',
    job: job(),
    trouble: 'unreachable',
    says: /SlowDown/,
  },
  { ...look, what: 'a server that never answers', mood: 'hangs', job: job(), withinMs: 300, trouble: 'timeout' },
  {
    ...look,
    what: 'a server that is not there',
    job: job({ url: 'http://127.0.0.1:1' }),
    trouble: 'unreachable',
    says: /ECONNREFUSED/,
  },
  { ...restored('sekali'), what: 'an object, held against its MD5', trouble: null, proof: held(1) },
  { ...restored('bagian'), what: 'an object that came in parts, held against theirs', trouble: null, proof: held(1) },
  {
    ...restored('lain'),
    what: 'an object of which nobody knows how long its parts were',
    trouble: null,
    proof: held(0),
  },
  { ...restored('rusak'), what: 'an object that is not what it was', trouble: 'checksum-wrong', says: /ETag/ },
  { ...restored('pendek'), what: 'an object that is shorter than it should be', trouble: 'truncated' },
  {
    ...restored('hilang'),
    what: 'an object that is listed and gone',
    trouble: 'repository-missing',
    says: /NoSuchKey/,
  },
  {
    ...restored('sekali'),
    what: 'an object that breaks off',
    mood: 'cut',
    trouble: 'answer-unreadable',
    says: /broke off/,
  },
  { ...restored('sekali'), what: 'a scratch place that is full', scratch: tiny.directory, trouble: 'disk-full' },
]

describe('S3', () => {
  it.each(CASES)('$action: $what', async ({ mood = 'well', pageSize = 1_000, aheadMs = 0, ...one }) => {
    Object.assign(server, { mood, pageSize, aheadMs })
    await holdCase('s3', one)
  })

  it('signs as the examples of the specification are signed', () => {
    const keys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
    const date = '20130524T000000Z'
    const headers = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-content-sha256': EMPTY_SHA256, 'x-amz-date': date }
    const request = { method: 'GET', path: '/', headers, region: 'us-east-1', service: 's3' }
    const signature = (path: string, query: [string, string][], more = {}): string =>
      authorization({ ...request, path, query, headers: { ...headers, ...more } }, date, keys).slice(-64)
    const list: [string, string][] = [
      ['prefix', 'J'],
      ['max-keys', '2'],
    ]
    expect(signature('/', list)).toBe('34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7')
    expect(signature('/', [['lifecycle', '']])).toBe('fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543')
    expect(signature('/test.txt', [], { Range: 'bytes=0-9' })).toBe(
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    )
  })

  it('agrees with the real s3cmd about signatures, names and sizes', { timeout: 60_000 }, async () => {
    const config = join(folder, 's3cfg')
    const host = new URL(server.url).host
    writeFileSync(
      config,
      `[default]\naccess_key = ${S3_KEYS.id}\nsecret_key = ${S3_KEYS.secret}\nhost_base = ${host}\nhost_bucket = ${host}\nuse_https = False\nbucket_location = ${S3_REGION}\n`,
    )
    const file = join(folder, 'isi')
    writeFileSync(file, 'isi cadangan')
    const s3cmd = (...args: string[]) => promisify(execFile)('s3cmd', ['-c', config, ...args])
    await s3cmd('put', file, 's3://hampa/malam ini/warga + desa.dump')
    const { stdout } = await s3cmd('ls', 's3://hampa/malam ini/')
    expect(stdout).toMatch(/ 12 +s3:\/\/hampa\/malam ini\/warga \+ desa\.dump/)
    const copies = [{ id: 'malam ini/warga + desa.dump', bytes: 12, trouble: null }]
    const seen = job({ bucket: 'hampa', prefix: 'malam ini/' })
    await holdCase('s3', { what: 'put by s3cmd', action: 'look', job: seen, trouble: null, copies })
  })
})
