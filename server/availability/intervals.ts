// Arithmetic on half-open intervals [from, to) of time in UTC milliseconds. Pure.

export type Interval = { from: number; to: number }

/** Sorted, overlapping and touching ones joined, empty ones dropped. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter(({ from, to }) => to > from).sort((left, right) => left.from - right.from)
  const joined: Interval[] = []
  for (const interval of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && interval.from <= last.to) last.to = Math.max(last.to, interval.to)
    else joined.push({ from: interval.from, to: interval.to })
  }
  return joined
}

/** The parts of `intervals` inside `window`. */
export function clip(intervals: readonly Interval[], window: Interval): Interval[] {
  return union(intervals.map(({ from, to }) => ({ from: Math.max(from, window.from), to: Math.min(to, window.to) })))
}

/** The parts of `window` that `intervals` leave open. */
export function gaps(intervals: readonly Interval[], window: Interval): Interval[] {
  const open: Interval[] = []
  let from = window.from
  for (const interval of clip(intervals, window)) {
    if (interval.from > from) open.push({ from, to: interval.from })
    from = interval.to
  }
  if (window.to > from) open.push({ from, to: window.to })
  return open
}

/** Time that is in both. */
export function intersection(left: readonly Interval[], right: readonly Interval[]): Interval[] {
  const both: Interval[] = []
  const a = union(left)
  const b = union(right)
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const one = a[i]
    const other = b[j]
    if (one === undefined || other === undefined) break
    const from = Math.max(one.from, other.from)
    const to = Math.min(one.to, other.to)
    if (to > from) both.push({ from, to })
    if (one.to < other.to) i += 1
    else j += 1
  }
  return both
}

/** What is in `whole` and in none of `taken`. */
export function subtract(whole: readonly Interval[], taken: readonly Interval[]): Interval[] {
  return union(whole).flatMap(interval => gaps(taken, interval))
}

export function totalMs(intervals: readonly Interval[]): number {
  return union(intervals).reduce((sum, { from, to }) => sum + (to - from), 0)
}
