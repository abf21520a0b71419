/** How many of something there were of late. */
export type Recent = { add(count: number, atMs: number): void; count(atMs: number): number }

/** Counts over the last `spanMs` of a monotonic clock. */
export function createRecent(spanMs: number): Recent {
  let times: { atMs: number; count: number }[] = []
  return {
    add(count, atMs) {
      const last = times.at(-1)
      // One entry a minute: a spool that is full for days drops with each tick.
      if (last !== undefined && atMs - last.atMs < spanMs / 60) last.count += count
      else times.push({ atMs, count })
    },
    count(atMs) {
      times = times.filter(time => atMs - time.atMs < spanMs)
      return times.reduce((sum, { count }) => sum + count, 0)
    },
  }
}
