// Requests that arrive within some milliseconds share one transaction, and so one fsync.
import { setTimeout as later } from 'node:timers'

export type GroupCommit<Item, Answer> = {
  /** Resolves after the transaction that the item went into; rejects when that one failed. */
  add(item: Item): Promise<Answer>
  /** Commits now what waits. */
  flush(): void
}

type Waiting<Item, Answer> = {
  item: Item
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/** `commit` writes all items in one transaction and returns an answer for each, or throws and none of them counts. */
export function createGroupCommit<Item, Answer>(deps: {
  windowMs: number
  maxItems: number
  /** When what waits weighs this much, it does not wait longer than for those that have come with it. */
  enough?: { weight: number; weightOf: (item: Item) => number }
  commit: (items: Item[]) => Answer[]
}): GroupCommit<Item, Answer> {
  let waiting: Waiting<Item, Answer>[] = []
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined
  let weight = 0

  function flush(): void {
    clearTimeout(timer)
    clearImmediate(soon)
    timer = undefined
    soon = undefined
    weight = 0
    if (waiting.length === 0) return
    const group = waiting
    waiting = []
    try {
      const answers = deps.commit(group.map(({ item }) => item))
      for (const [index, { resolve, reject }] of group.entries()) {
        const answer = answers[index]
        if (answer === undefined) reject(new Error('the transaction gave no answer for this item'))
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        weight += deps.enough?.weightOf(item) ?? 0
        if (waiting.length >= deps.maxItems) flush()
        else if (deps.enough !== undefined && weight >= deps.enough.weight) soon ??= setImmediate(flush)
        else timer ??= later(flush, deps.windowMs)
      })
    },
    flush,
  }
}
