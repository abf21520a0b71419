import { problemOf, type SnmpProblem } from './problem.ts'
import type { SnmpSession } from './session/session.ts'
import { compareOids, isBelow, type Oid, parseOid, type Varbind } from './value.ts'

export type WalkLimits = {
  /** More rows than this are left alone. */
  rows: number
  /** Nothing is asked after this moment of the monotonic clock. */
  untilMs: number
  repetitions: number
  now: () => number
}

/** All that lies under a root; `cut` says why it may not be all. */
export type Walked = { rows: Varbind[]; cut?: SnmpProblem }

const FEWEST_REPETITIONS = 1

/**
 * Walks a subtree by GETBULK (v1: GETNEXT). Devices exist whose OIDs stand still or run backward, which would never
 * end: each must be beyond the one before. An answer that is too big for the device halves what it is asked for.
 */
export async function walk(session: SnmpSession, root: Oid, limits: WalkLimits): Promise<Walked> {
  const rows: Varbind[] = []
  let last = root
  let lastNumbers = parseOid(root) ?? []
  let repetitions = session.version === 'v1' ? 1 : limits.repetitions
  for (;;) {
    if (limits.now() >= limits.untilMs) return { rows, cut: 'too-late' }
    let answer: Varbind[]
    try {
      answer = session.version === 'v1' ? await session.getNext([last]) : await session.getBulk([last], repetitions)
    } catch (error) {
      const problem = problemOf(error)
      if (problem === 'no-such-name') return { rows }
      // A device that cannot fit so much may also say nothing at all.
      if ((problem === 'too-big' || (problem === 'timeout' && rows.length > 0)) && repetitions > FEWEST_REPETITIONS) {
        repetitions = Math.max(FEWEST_REPETITIONS, Math.floor(repetitions / 2))
        continue
      }
      return { rows, cut: problem }
    }
    if (answer.length === 0) return { rows, cut: 'garbage' }
    for (const varbind of answer) {
      if (varbind.value.type === 'end-of-view' || !isBelow(varbind.oid, root)) return { rows }
      const numbers = parseOid(varbind.oid) ?? []
      if (compareOids(numbers, lastNumbers) <= 0) return { rows, cut: 'non-increasing' }
      if (rows.length >= limits.rows) return { rows, cut: 'too-many-rows' }
      // A hole that a device fills with an exception is no row.
      if (varbind.value.type !== 'no-such-object' && varbind.value.type !== 'no-such-instance') rows.push(varbind)
      last = varbind.oid
      lastNumbers = numbers
    }
  }
}

/** The part of an OID behind its column: which row it is. */
export const indexOf = (oid: Oid, column: Oid): string => oid.slice(column.length + 1)
