// Judging takes turns: a tick and a batch must not decide on the same standing at once, and thousands of servers must not
// keep batches and requests waiting.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** So long one slice of judging may keep the thread. */
const SLICE_MS = 8

export type Turns = {
  inTurn(work: () => Promise<void>): Promise<void>
  /** `work` takes from `next` until that gives nothing; what is left has its turn later. */
  inSlices<T>(items: readonly T[], work: (next: () => T | undefined) => Promise<void>): Promise<void>
}

export function createTurns(): Turns {
  let queue: Promise<void> = Promise.resolve()

  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  return {
    inTurn,
    async inSlices(items, work) {
      let place = 0
      while (place < items.length) {
        await inTurn(() => {
          const untilMs = performance.now() + SLICE_MS
          let taken = 0
          return work(() => (taken++ > 0 && performance.now() > untilMs ? undefined : items[place++]))
        })
        if (place < items.length) await nextTurn()
      }
    },
  }
}
