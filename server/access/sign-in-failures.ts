// What the audit log learns of failed logins. One entry for each would let a stranger fill the disk, and a name typed
// wrong may be a password: so failures are counted, and at most one entry an hour tells the counts, known accounts by id.
// The log has a line for each single failure.
import type { Records } from '../stores/records/records.ts'
import { COLLECTOR } from './actor.ts'
import { appendAudit } from './audit.ts'

export type SignInFailures = {
  /** `userId` null: there is no such account. `throttled`: refused unseen, for too many failures before. */
  count(failure: { userId: string | null; kind: 'wrong' | 'throttled'; at: number }): void
  /** Writes the counts since the last time as one audit entry, if there are any. Call it once an hour and at stop. */
  write(records: Records, at: number): Promise<void>
}

type Counts = { from: number; wrong: number; throttled: number; unknownNames: number; users: Map<string, number> }
const LISTED_USERS = 50

export function createSignInFailures(): SignInFailures {
  let counts: Counts | null = null

  function merge(more: Counts): void {
    if (counts === null) {
      counts = more
      return
    }
    counts.from = Math.min(counts.from, more.from)
    counts.wrong += more.wrong
    counts.throttled += more.throttled
    counts.unknownNames += more.unknownNames
    for (const [id, failures] of more.users) counts.users.set(id, (counts.users.get(id) ?? 0) + failures)
  }

  return {
    count({ userId, kind, at }) {
      merge({
        from: at,
        wrong: kind === 'wrong' ? 1 : 0,
        throttled: kind === 'throttled' ? 1 : 0,
        unknownNames: kind === 'wrong' && userId === null ? 1 : 0,
        users: userId === null ? new Map() : new Map([[userId, 1]]),
      })
    },
    async write(records, at) {
      if (counts === null) return
      const taken: Counts = counts
      counts = null
      const mostFirst = [...taken.users].sort(([, left], [, right]) => right - left)
      const detail = {
        from: taken.from,
        to: at,
        wrong: taken.wrong,
        throttled: taken.throttled,
        unknownNames: taken.unknownNames,
        users: Object.fromEntries(mostFirst.slice(0, LISTED_USERS)),
        furtherUsers: Math.max(0, mostFirst.length - LISTED_USERS),
      }
      try {
        await records
          .transaction()
          .execute(tx =>
            appendAudit(tx, { at, actor: COLLECTOR, action: 'session.failures-counted', subject: null, detail }),
          )
      } catch (error) {
        merge(taken)
        throw error
      }
    },
  }
}
