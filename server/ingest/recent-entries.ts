// The newest entries of the journal, still in memory: a consumer that is close behind need not have them read from the disk
// and parsed once more.

export type RecentEntries<E extends { id: number }> = {
  /** In the order of their ids; where one is left out, everything before it is forgotten. */
  add(entry: E): void
  /** What follows this id; null when that can't be told from memory. */
  after(id: number, limit: number): E[] | null
  /** This consumer is done with what is not newer. */
  passed(consumer: string, id: number): void
}

export type RecentLimits = { entries: number; bytes: number }

/** Most of a minute of a collector of ten thousand agents: reading and parsing anew would only make it fall further behind. */
const LIMITS: RecentLimits = { entries: 60_000, bytes: 64 * 1024 * 1024 }

/** Of all that is held, when it is too much. */
const LET_GO = 1 / 8

export function createRecentEntries<E extends { id: number }>(
  consumers: readonly string[],
  bytesOf: (entry: E) => number,
  limits = LIMITS,
): RecentEntries<E> {
  const done = new Map(consumers.map(name => [name, 0]))
  const entries: E[] = []
  let bytes = 0

  function drop(count: number): void {
    for (const entry of entries.splice(0, count)) bytes -= bytesOf(entry)
  }

  return {
    add(entry) {
      const newest = entries.at(-1)
      if (newest !== undefined && entry.id !== newest.id + 1) drop(entries.length)
      entries.push(entry)
      bytes += bytesOf(entry)
      // A part at a time: taking one off the front moves all others.
      while (entries.length > limits.entries || bytes > limits.bytes) drop(Math.ceil(entries.length * LET_GO))
    },
    after(id, limit) {
      const [oldest] = entries
      const from = oldest === undefined ? -1 : id + 1 - oldest.id
      return from < 0 || from >= entries.length ? null : entries.slice(from, from + limit)
    },
    passed(consumer, id) {
      done.set(consumer, Math.max(id, done.get(consumer) ?? 0))
      const [oldest] = entries
      if (oldest !== undefined) drop(Math.max(0, Math.min(...done.values()) - oldest.id + 1))
    },
  }
}
