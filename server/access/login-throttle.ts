// Slows down who guesses passwords without locking anybody out. Time comes in as an argument.
import { addressGroup } from './address-group.ts'

export type Attempt = { name: string; remoteAddress: string; at: number }

export type LoginThrottle = {
  /**
   * 0: go ahead, and the attempt counts as failed until `succeeded` or `withdrawn` says otherwise, so a hundred at once
   * are a hundred failures and not one. Otherwise the milliseconds to wait; a refused attempt counts nothing.
   */
  admit(attempt: Attempt): number
  /** The password was right. */
  succeeded(attempt: Attempt): void
  /** The password was never looked at. */
  withdrawn(attempt: Attempt): void
  /** Entries held, for the collector's own figures. */
  size(): number
}

type Failures = { count: number; lastAt: number }

/** Failures without waiting: of one address on one account, on one account from everywhere, of one address (an office). */
const FREE_FAILURES = { pair: 5, account: 5, address: 20 }
const MOST_WAIT_MS = { pair: 15 * 60_000, account: 60_000, address: 15 * 60_000 }
const FIRST_WAIT_MS = 1_000
const FORGOTTEN_AFTER_MS = 24 * 3_600_000
const KEPT_ENTRIES = 20_000

/**
 * Three counts. Waiting is always reckoned from the last failure of the address that asks, never from those of others:
 *   - pair (account and address): after 5 failures 1 s, 2 s, 4 s ... up to 15 minutes;
 *   - address, on whatever accounts: the same after 20, because an office shares one address;
 *   - account, from all addresses together: the same after 5 but at most a minute, and only for an address that has
 *     already failed on this account itself.
 * So many addresses that guess at one account get one quick guess each, while its owner comes in at once with the right
 * password from any address of their own, and after a slip of the finger waits for a minute at most.
 */
export function createLoginThrottle(limits: { keptEntries?: number } = {}): LoginThrottle {
  const kept = limits.keptEntries ?? KEPT_ENTRIES
  const pairs = createTally(kept)
  const accounts = createTally(kept)
  const addresses = createTally(kept)
  const keysOf = (attempt: Attempt) => {
    const address = addressGroup(attempt.remoteAddress)
    return { pair: `${attempt.name}\n${address}`, address }
  }
  return {
    admit(attempt) {
      const keys = keysOf(attempt)
      const own = pairs.get(keys.pair, attempt.at)
      const everywhere = accounts.get(attempt.name, attempt.at)
      const address = addresses.get(keys.address, attempt.at)
      const ownWaitMs = Math.max(waitMs(own.count, 'pair'), own.count > 0 ? waitMs(everywhere.count, 'account') : 0)
      const leftMs = Math.max(
        remainingMs(own.lastAt, ownWaitMs, attempt.at),
        remainingMs(address.lastAt, waitMs(address.count, 'address'), attempt.at),
      )
      if (leftMs > 0) return leftMs
      pairs.add(keys.pair, attempt.at)
      accounts.add(attempt.name, attempt.at)
      addresses.add(keys.address, attempt.at)
      return 0
    },
    succeeded(attempt) {
      // Only what this pair added is taken from its address: one's own account is no way to clear guesses at others.
      const keys = keysOf(attempt)
      addresses.subtract(keys.address, pairs.get(keys.pair, attempt.at).count)
      pairs.remove(keys.pair)
      accounts.remove(attempt.name)
    },
    withdrawn(attempt) {
      const keys = keysOf(attempt)
      pairs.subtract(keys.pair, 1)
      accounts.subtract(attempt.name, 1)
      addresses.subtract(keys.address, 1)
    },
    size: () => pairs.size() + accounts.size() + addresses.size(),
  }
}

function waitMs(failures: number, of: keyof typeof FREE_FAILURES): number {
  const beyond = failures - FREE_FAILURES[of]
  return beyond < 0 ? 0 : Math.min(MOST_WAIT_MS[of], FIRST_WAIT_MS * 2 ** beyond)
}

/** A clock that was set back must not make the waiting longer than it is. */
function remainingMs(lastAt: number, lengthMs: number, at: number): number {
  return Math.min(lengthMs, Math.max(0, lastAt + lengthMs - at))
}

/** Counts by key; the key that failed longest ago goes when there are too many. */
function createTally(keptEntries: number) {
  const entries = new Map<string, Failures>()
  const put = (key: string, failures: Failures) => {
    entries.delete(key)
    entries.set(key, failures)
  }
  const get = (key: string, at: number): Failures => {
    const found = entries.get(key)
    return found === undefined || Math.abs(at - found.lastAt) >= FORGOTTEN_AFTER_MS ? { count: 0, lastAt: 0 } : found
  }
  return {
    get,
    add(key: string, at: number) {
      put(key, { count: get(key, at).count + 1, lastAt: at })
      const oldest = entries.size > keptEntries ? entries.keys().next() : undefined
      if (oldest !== undefined && oldest.done !== true) entries.delete(oldest.value)
    },
    subtract(key: string, count: number) {
      const found = entries.get(key)
      if (found === undefined) return
      if (found.count <= count) entries.delete(key)
      else entries.set(key, { count: found.count - count, lastAt: found.lastAt })
    },
    remove: (key: string) => {
      entries.delete(key)
    },
    size: () => entries.size,
  }
}
