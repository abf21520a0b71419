// How long a consumer of the journal may keep the thread before requests have their turn. When a turn of the event loop is
// full of requests it takes long, and a consumer that then did as little as ever between two of them would fall behind for
// as long as that lasts: it gets a share.
import { setImmediate as nextTurn } from 'node:timers/promises'

export type Pace = {
  /** Lets everything else have its turn. */
  turn(): Promise<void>
  /** So long the next slice may be. */
  sliceMs(): number
  /** Whether the slice that begins now may still go on. */
  slice(): () => boolean
}

const LEAST_MS = 12
/** There are two consumers, and the rules. */
const SHARE = 1 / 3

export function createPace(now: () => number = () => performance.now()): Pace {
  let turnMs = 0
  const sliceMs = () => Math.max(LEAST_MS, turnMs * SHARE)
  return {
    async turn() {
      const askedMs = now()
      await nextTurn()
      turnMs = now() - askedMs
    },
    sliceMs,
    slice() {
      const endMs = now() + sliceMs()
      return () => now() < endMs
    },
  }
}
