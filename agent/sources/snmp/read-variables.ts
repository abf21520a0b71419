import { SnmpError } from './problem.ts'
import type { SnmpSession } from './session/session.ts'
import { isAbsent, type Oid, type SnmpValue } from './value.ts'

/** How many variables fit into one question to a device: learned from what it refuses, and kept with the device. */
export type PduLimit = { variables: number }

export const FIRST_LIMIT = 50
const LEAST_LIMIT = 1
/** A device that is silent to this few variables is not silent because there are too many. */
const SURELY_FITS = 8

export type ReadDeps = {
  session: SnmpSession
  limit: PduLimit
  /** Moment of the monotonic clock after which nothing is asked any more. */
  untilMs: number
  now: () => number
  /** Told of each question, and whether it was answered. */
  asked?: (outcome: 'answered' | 'lost') => void
}

/**
 * The variables that the device has, by GET, one question after another. What it does not have is not in the map.
 * Throws SnmpError when the device does not answer or the time is over; what was read until then is lost with it.
 */
export async function readVariables(deps: ReadDeps, oids: readonly Oid[]): Promise<Map<Oid, SnmpValue>> {
  const { session, limit, now, asked } = deps
  const found = new Map<Oid, SnmpValue>()
  let left = [...oids]
  while (left.length > 0) {
    if (now() >= deps.untilMs) throw new SnmpError('too-late', 'the device needs longer than it has')
    const part = left.slice(0, limit.variables)
    try {
      const varbinds = await session.get(part)
      asked?.('answered')
      for (const { oid, value } of varbinds) if (!isAbsent(value)) found.set(oid, value)
      left = left.slice(part.length)
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error
      asked?.(error.problem === 'timeout' ? 'lost' : 'answered')
      const { problem, variable } = error
      if (problem === 'too-big' && part.length > LEAST_LIMIT) halve(limit, part.length)
      else if (problem === 'no-such-name' && variable !== undefined && part[variable] !== undefined) {
        // v1 refuses the whole question for one variable that it does not have.
        left = left.filter(oid => oid !== part[variable])
      } else if (isAboutOne(problem) && part.length === 1) left = left.slice(1)
      else if (isAboutOne(problem)) halve(limit, part.length)
      else {
        if (problem === 'timeout' && part.length > SURELY_FITS) halve(limit, part.length)
        throw error
      }
    }
  }
  return found
}

/** A device may refuse a question because of a single variable without saying which: asked alone, only that one is lost. */
const isAboutOne = (problem: string): boolean =>
  problem === 'device-error' || problem === 'too-big' || problem === 'no-such-name'

function halve(limit: PduLimit, asked: number): void {
  limit.variables = Math.max(LEAST_LIMIT, Math.floor(asked / 2))
}
