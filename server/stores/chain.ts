// Hash chain: each entry is hashed with the hash of the one before, so that changing, removing or moving an entry shows.
import { createHash } from 'node:crypto'

export const CHAIN_START = '0'.repeat(64)

export type ChainLink = { seq: number; previousHash: string; hash: string }

/** SHA-256 (hex) over the hash before and the canonical JSON of the content. */
export function chainHash(previousHash: string, content: unknown): string {
  return createHash('sha256').update(previousHash).update('\n').update(canonicalJson(content)).digest('hex')
}

/** JSON with keys in the order of their UTF-16 units (RFC 8785) and without white space: equal contents, equal bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    return `{${pairs.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/** First link that does not hold, with the reason; null when the whole chain holds. Entries come in order of seq. */
export async function findBrokenLink(
  entries: AsyncIterable<ChainLink & { content: unknown }> | Iterable<ChainLink & { content: unknown }>,
): Promise<{ seq: number; reason: 'missing' | 'reordered' | 'changed' } | null> {
  let previousHash = CHAIN_START
  let expectedSeq = 1
  for await (const entry of entries) {
    if (entry.seq !== expectedSeq) return { seq: expectedSeq, reason: 'missing' }
    if (entry.previousHash !== previousHash) return { seq: entry.seq, reason: 'reordered' }
    if (chainHash(previousHash, entry.content) !== entry.hash) return { seq: entry.seq, reason: 'changed' }
    previousHash = entry.hash
    expectedSeq += 1
  }
  return null
}
