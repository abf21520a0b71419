// Passwords by argon2id with the parameters of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane).
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { ProblemError } from '../platform/problem-error.ts'

export type Passwords = {
  /** PHC string with its own salt. Errors: `too-many-requests` when too many wait already. */
  hash(password: string): Promise<string>
  /** `null` is the hash of a user that does not exist: it costs the same and is never right. Errors as `hash`. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
}

const MEMORY_KIB = 19_456
const PASSES = 2
const COST = { memoryCost: MEMORY_KIB, timeCost: PASSES, parallelism: 1 }
const RETRY_AFTER_S = 2

/**
 * At most `concurrent` run at once and `waiting` stand in line, so a flood of logins takes 38 MiB and leaves two of the
 * four threads of libuv to the disk; who comes after that is told to come back.
 */
export function createPasswords(limits: { concurrent?: number; waiting?: number } = {}): Passwords {
  const concurrent = limits.concurrent ?? 2
  const mostWaiting = limits.waiting ?? 32
  const line: (() => void)[] = []
  let running = 0
  const decoy = decoyHash()

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running < concurrent) running += 1
    else {
      if (line.length >= mostWaiting)
        throw new ProblemError('too-many-requests', 'Too many people sign in at this moment', {
          retryAfterS: RETRY_AFTER_S,
        })
      await new Promise<void>(resolve => line.push(resolve))
    }
    try {
      return await work()
    } finally {
      // The place is handed on, not given back, so that nobody who comes now overtakes the line.
      const next = line.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }

  return {
    hash: password => inTurn(() => hash(normalized(password), COST)),
    verify: (passwordHash, password) =>
      inTurn(async () => {
        const right = await verify(passwordHash ?? decoy, normalized(password))
        return right && passwordHash !== null
      }),
  }
}

/** The same characters typed on another keyboard may come as other code points (NIST SP 800-63B, 5.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC')
}

/** A well-formed hash of nothing: random salt and random result, with the cost of a real one. */
function decoyHash(): string {
  const part = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${part(16)}$${part(32)}`
}
