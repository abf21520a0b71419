// An ETag is the MD5 of the content, or, of what came in parts, the MD5 of the MD5s of the parts with their number behind it.
// How long the parts were is told nowhere: whole mebibytes, as all clients choose them.
import { createHash, type Hash } from 'node:crypto'

const MEBIBYTE = 1024 ** 2
/** Each is one more MD5 over the whole. */
const MOST_GUESSES = 24

export type Etag = {
  take(part: Buffer): void
  /** `undefined` where it can't be told. */
  fits(): boolean | undefined
}

export function createEtag({ etag, bytes }: { etag: string; bytes: number }): Etag {
  const [, digest, count] = /^([0-9a-f]{32})(?:-(\d{1,5}))?$/.exec(etag) ?? []
  if (digest === undefined) return { take: () => {}, fits: () => undefined }
  const lengths = count === undefined ? [Number.POSITIVE_INFINITY] : partLengths(bytes, Number(count))
  const sums = lengths.map(createPartSum)
  return {
    take(part) {
      for (const sum of sums) sum.take(part)
    },
    fits() {
      if (count === undefined) return sums.some(sum => sum.parts()[0]?.toString('hex') === digest)
      const found = sums.some(sum => createHash('md5').update(Buffer.concat(sum.parts())).digest('hex') === digest)
      // The parts may have been of another length than any that was tried.
      return found || undefined
    },
  }
}

/** Whole mebibytes by which so many bytes come in so many parts. */
export function partLengths(bytes: number, count: number): number[] {
  const least = Math.max(1, Math.ceil(bytes / count / MEBIBYTE))
  const most = count === 1 ? least : Math.ceil(bytes / (count - 1) / MEBIBYTE) - 1
  const lengths: number[] = []
  for (let length = least; length <= most && lengths.length < MOST_GUESSES; length += 1) lengths.push(length * MEBIBYTE)
  return lengths
}

function createPartSum(length: number) {
  const done: Buffer[] = []
  let hash: Hash = createHash('md5')
  let inPart = 0
  return {
    take(data: Buffer) {
      for (let rest = data; rest.length > 0; ) {
        const piece = rest.subarray(0, Math.min(rest.length, length - inPart))
        hash.update(piece)
        inPart += piece.length
        rest = rest.subarray(piece.length)
        if (inPart < length) continue
        done.push(hash.digest())
        hash = createHash('md5')
        inPart = 0
      }
    },
    parts: () => (inPart > 0 ? [...done, hash.copy().digest()] : done),
  }
}
