// Pure: from what each observer says of a subject to its state. An observer is one probe of one poller. Who is blind says
// nothing; those who see decide by majority, and as long as a majority reaches it a subject is not down.
import { gaps, type Interval, union } from './intervals.ts'

export type Vote = 'up' | 'down'
/** One observer's view over time: pieces that do not overlap; what lies between them it did not see. */
export type Seen = readonly (Interval & { vote: Vote })[]
/** Without `unknown`: what no observer speaks for has no piece. */
export type RawState = 'up' | 'degraded' | 'down'
export type RawInterval = Interval & { state: RawState }

/** `down` when more than half of those who see say so; `degraded` when only some do, half of them or fewer. */
export function quorumState(votes: { up: number; down: number }): RawState | null {
  if (votes.up + votes.down === 0) return null
  if (votes.down === 0) return 'up'
  return votes.down * 2 > votes.up + votes.down ? 'down' : 'degraded'
}

/** The state over time inside `window`, in order, without overlaps, neighbours of one state joined. */
export function combine(observers: readonly Seen[], window: Interval): RawInterval[] {
  const moments = new Set([window.from, window.to])
  for (const { from, to } of observers.flat()) {
    for (const at of [from, to]) if (at > window.from && at < window.to) moments.add(at)
  }
  const edges = [...moments].sort((left, right) => left - right)
  const cursors = observers.map(() => 0)
  const combined: RawInterval[] = []
  for (const [index, from] of edges.slice(0, -1).entries()) {
    const to = edges[index + 1] ?? from
    const votes = { up: 0, down: 0 }
    for (const [observer, seen] of observers.entries()) {
      let cursor = cursors[observer] ?? 0
      while ((seen[cursor]?.to ?? Number.POSITIVE_INFINITY) <= from) cursor += 1
      cursors[observer] = cursor
      const piece = seen[cursor]
      if (piece !== undefined && piece.from <= from) votes[piece.vote] += 1
    }
    const state = quorumState(votes)
    const last = combined.at(-1)
    if (state === null) continue
    if (last?.state === state && last.to === from) last.to = to
    else combined.push({ from, to, state })
  }
  return combined
}

/** The pieces of one state. */
export function piecesOf(intervals: readonly RawInterval[], ...states: RawState[]): Interval[] {
  return union(intervals.filter(({ state }) => states.includes(state)))
}

/** Which moments of `window` nobody saw. */
export function unseen(intervals: readonly RawInterval[], window: Interval): Interval[] {
  return gaps(intervals, window)
}
