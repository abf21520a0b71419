export type RecentCounts = {
  add(id: string, atMs: number): void
  /** Counts of the window that ends now, of all that have one, and 0 once of those that had one before. */
  take(nowMs: number): { id: string; count: number }[]
}

/** A storm does not make this grow: beyond it a count says "at least". */
const MOST_EACH = 100
const MOST_IDS = 5_000

export function createRecentCounts(windowMs: number): RecentCounts {
  const times = new Map<string, number[]>()
  return {
    add(id, atMs) {
      const list = times.get(id) ?? []
      if (times.size >= MOST_IDS && !times.has(id)) return
      list.push(atMs)
      if (list.length > MOST_EACH) list.shift()
      times.set(id, list)
    },
    take(nowMs) {
      return [...times].map(([id, list]) => {
        const recent = list.filter(atMs => nowMs - atMs < windowMs)
        if (recent.length === 0) times.delete(id)
        else times.set(id, recent)
        return { id, count: recent.length }
      })
    },
  }
}
