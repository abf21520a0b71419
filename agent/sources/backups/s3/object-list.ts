// Answers of S3: one page of ListObjectsV2, and what it says when something is wrong.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
import type { BackupTrouble } from '../../../../protocol/backup-words.ts'

export type StoredObject = { key: string; modifiedAt: number; bytes: number; etag: string }
export type Page = { objects: StoredObject[]; next: string | undefined }

/** `undefined` for anything but a whole list. */
export function parsePage(xml: string): Page | undefined {
  if (!/<ListBucketResult[\s>]/.test(xml) || !/<\/ListBucketResult>\s*$/.test(xml)) return undefined
  const isEncoded = textIn(xml, 'EncodingType') === 'url'
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, inner = '']) => {
    const [key, modified, size] = ['Key', 'LastModified', 'Size'].map(name => textIn(inner, name))
    const modifiedAt = Date.parse(modified ?? '')
    if (key === undefined || !(modifiedAt >= 0) || !/^\d{1,15}$/.test(size ?? '')) return undefined
    const etag = (textIn(inner, 'ETag') ?? '').replaceAll('"', '')
    return { key: isEncoded ? decoded(key) : key, modifiedAt, bytes: Number(size), etag }
  })
  const isTruncated = textIn(xml, 'IsTruncated')
  const next = textIn(xml, 'NextContinuationToken')
  if (!objects.every(one => one !== undefined) || (isTruncated !== 'true' && isTruncated !== 'false')) return undefined
  if (isTruncated === 'true' && !next) return undefined
  return { objects, next: isTruncated === 'true' ? next : undefined }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function textIn(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? []
  return text?.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, word) => {
    const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined
    return code === undefined ? (ENTITIES[word] ?? whole) : code <= 0x10_ffff ? String.fromCodePoint(code) : whole
  })
}

const CODES: Readonly<Record<string, BackupTrouble>> = {
  ...{ NoSuchBucket: 'repository-missing', NoSuchKey: 'repository-missing' },
  ...{ AccessDenied: 'permission-denied', AllAccessDisabled: 'permission-denied', AccountProblem: 'permission-denied' },
  ...{ InvalidAccessKeyId: 'wrong-password', SignatureDoesNotMatch: 'wrong-password', ExpiredToken: 'wrong-password' },
  ...{ InvalidToken: 'wrong-password', InvalidSecurity: 'wrong-password' },
  // Of two clocks one is wrong: the server lets nobody in.
  RequestTimeTooSkewed: 'permission-denied',
  ...{ PermanentRedirect: 'configuration-wrong', AuthorizationHeaderMalformed: 'configuration-wrong' },
  ...{ InvalidBucketName: 'configuration-wrong', IllegalLocationConstraintException: 'configuration-wrong' },
  ...{ SlowDown: 'unreachable', ServiceUnavailable: 'unreachable', InternalError: 'unreachable' },
}

/** What an answer that is no list means. */
export function refusal(
  status: number,
  text: string,
  region: string | undefined,
): { trouble: BackupTrouble; detail: string } {
  const [code, message] = [textIn(text, 'Code'), textIn(text, 'Message')]
  const words = code === undefined ? `status ${status}` : `${code}: ${message ?? ''}`
  return {
    trouble: CODES[code ?? ''] ?? troubleOfStatus(status),
    detail: region === undefined ? words : `${words} (the bucket is in the region ${region})`,
  }
}

function troubleOfStatus(status: number): BackupTrouble {
  if (status === 401 || status === 403) return 'permission-denied'
  if (status === 404) return 'repository-missing'
  if (status >= 300 && status < 400) return 'configuration-wrong'
  return status >= 500 ? 'unreachable' : 'answer-unreadable'
}
