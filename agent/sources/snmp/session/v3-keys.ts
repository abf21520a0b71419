import { createHash, createHmac, randomBytes } from 'node:crypto'

const MOST_KEYS = 256
const PASSWORD_BYTES = 1_048_576
const DIGESTS: Record<number, string> = { 3: 'sha1', 4: 'sha224', 5: 'sha256', 6: 'sha384', 7: 'sha512' }

export type PasswordToKey = (protocol: number, password: string | Buffer, engineId: Buffer) => Buffer

/**
 * RFC 3414, A.2: a password becomes a key by hashing a megabyte of it, and the key is bound to one engine. The megabyte
 * is the same for all engines, so it is done once a password. Entries are found by a keyed hash: no password stands in
 * the memory because of this, and what has not been used for longest goes first.
 */
export function createPasswordToKey(): PasswordToKey {
  const secret = randomBytes(32)
  const kept = new Map<string, Buffer>()

  const digestOf = (algorithm: string, password: string | Buffer): Buffer => {
    const name = createHmac('sha256', secret).update(`${algorithm} `).update(password).digest('base64')
    const known = kept.get(name)
    const digest = known ?? createHash(algorithm).update(Buffer.alloc(PASSWORD_BYTES, password)).digest()
    kept.delete(name)
    kept.set(name, digest)
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEYS && oldest !== undefined) kept.delete(oldest)
    return digest
  }

  return (protocol, password, engineId) => {
    const algorithm = DIGESTS[protocol]
    if (algorithm === undefined || password.length === 0)
      throw new Error('an authentication protocol that is not known')
    const digest = digestOf(algorithm, password)
    return createHash(algorithm).update(digest).update(engineId).update(digest).digest()
  }
}
