// Pure: an observer's words (a moment and a vote) become pieces of time. What is kept joins only words that follow each other
// in the observer's own rhythm, so that words that come late find their gap; who reads lets a vote hold over short gaps.
import type { Interval } from './intervals.ts'
import type { Vote } from './quorum.ts'

export type Word = { at: number; vote: Vote }
/** From the first word of a vote to the last one of it, or to the word that contradicted it. */
export type Sighting = Interval & { vote: Vote }

/**
 * Lays words into what was known. Words may come late, twice and out of order; what an observer said without a gap must be
 * told whole. `known` are the pieces within `joinMs` of the words, oldest first; `joinMs` is a little more than the rhythm.
 */
export function sightingsOf(known: readonly Sighting[], words: readonly Word[], joinMs: number): Sighting[] {
  const marks = new Map<number, Vote>()
  // Where one piece ends and the next begins, the word was that of the next.
  for (const { from, to, vote } of known) {
    if (!marks.has(to)) marks.set(to, vote)
    marks.set(from, vote)
  }
  for (const { at, vote } of words) marks.set(at, vote)
  const covered = (from: number, to: number) => known.some(piece => piece.from <= from && piece.to >= to)
  const merged: Sighting[] = []
  for (const [at, vote] of [...marks].sort(([left], [right]) => left - right)) {
    const last = merged.at(-1)
    const joins = last !== undefined && (at - last.to <= joinMs || covered(last.to, at))
    if (joins) last.to = at
    if (!joins || last.vote !== vote) merged.push({ from: at, to: at, vote })
  }
  return merged
}

/**
 * Each vote holds until the next word, if that came within `patienceMs`; the last one until `at`, if that is not later than
 * its evidence lasts. Pieces without length are gone then.
 */
export function held(pieces: readonly Sighting[], patienceMs: number, at: number): Sighting[] {
  const holding: Sighting[] = []
  for (const [index, { from, to, vote }] of pieces.entries()) {
    const next = pieces[index + 1]?.from ?? at
    const until = next > to && next - to <= patienceMs ? next : to
    const last = holding.at(-1)
    if (last?.vote === vote && last.to === from) last.to = until
    else if (until > from) holding.push({ from, to: until, vote })
  }
  return holding
}
