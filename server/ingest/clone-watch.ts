// Two machines that speak with the key of one agent: one was copied from the other, data directory and all. Pure: what
// was seen goes in, time as an argument, and a plain reason comes out.
import { crc32 } from 'node:zlib'

export type SeenBatch = {
  agentId: string
  spool: string
  number: number
  lane: 'fresh' | 'catchup'
  body: Uint8Array
  at: number
}

export type CloneWatch = {
  /** Why there must be two of this agent; null as long as one explains everything. */
  look(batch: SeenBatch): string | null
  /** Starts anew with this agent: a person has mended it. */
  forget(agentId: string): void
}

type Watched = {
  spool: string
  /** The last bodies: what is sent again is byte for byte the same. */
  bodies: SeenBodies
  highestFresh: number
  /** When fresh batches stepped back, which one spool never does. */
  stepsBackAt: number[]
  /** When an agent returned to a spool that it had left. */
  returnsAt: number[]
  /** Spools that this agent had before, and when it was last heard from each. */
  before: Map<string, number>
}

const KEPT_BODIES = 64
const KEPT_SPOOLS = 8
/** An older fresh batch may overtake a newer one on the way by a few numbers; two instances lie far apart. */
const OVERTAKING = 16
const STEPS_BACK = 2
/** One return is a machine that started on a disk it could not write, and then on one that it could. */
const RETURNS = 2
const WITHIN_MS = 10 * 60_000

export function createCloneWatch(): CloneWatch {
  const agents = new Map<string, Watched>()

  const begin = (spool: string, before: Map<string, number>, returnsAt: number[]): Watched => ({
    ...{ spool, bodies: createSeenBodies(), highestFresh: 0, stepsBackAt: [], returnsAt, before },
  })

  return {
    look({ agentId, spool, number, lane, body, at }) {
      let watched = agents.get(agentId)
      if (watched === undefined) {
        watched = begin(spool, new Map(), [])
        agents.set(agentId, watched)
      }
      if (watched.spool !== spool) {
        // What waited on disk under another name comes beside the fresh ones; that is one machine.
        if (lane !== 'fresh') return null
        const heardAt = watched.before.get(spool)
        const returnsAt = watched.returnsAt.filter(returnAt => at - returnAt < WITHIN_MS)
        if (heardAt !== undefined && at - heardAt < WITHIN_MS) returnsAt.push(at)
        if (returnsAt.length >= RETURNS) {
          return 'Two spools of this agent deliver in turns: two machines use its key'
        }
        const before = new Map([...watched.before, [watched.spool, at] as const].slice(-KEPT_SPOOLS))
        before.delete(spool)
        watched = begin(spool, before, returnsAt)
        agents.set(agentId, watched)
      }

      const known = watched.bodies.look(number, body)
      if (known === 'other') {
        return `Batch ${number} came twice with different contents: two machines use the data directory of this agent`
      }
      if (lane !== 'fresh' || known === 'same') return null
      if (number < watched.highestFresh - OVERTAKING) {
        watched.stepsBackAt = [...watched.stepsBackAt.filter(step => at - step < WITHIN_MS), at]
        if (watched.stepsBackAt.length >= STEPS_BACK) {
          return 'Two rows of numbers arrive in turns: two machines use the data directory of this agent'
        }
      }
      watched.highestFresh = Math.max(watched.highestFresh, number)
      return null
    },
    forget: agentId => void agents.delete(agentId),
  }
}

type SeenBodies = {
  /** Whether the body of this number was seen before, and whether it was this one. A new one is remembered. */
  look(number: number, body: Uint8Array): 'new' | 'same' | 'other'
}

/** A kilobyte an agent, whatever it sends: numbers and checksums with lengths, the oldest is overwritten. */
function createSeenBodies(): SeenBodies {
  const seen = new Float64Array(2 * KEPT_BODIES)
  let next = 0
  return {
    look(number, body) {
      // Nobody gains by two bodies that look alike here: it would only hide that there are two machines.
      const digest = crc32(body) * 2 ** 20 + (body.byteLength % 2 ** 20)
      for (let place = 0; place < seen.length; place += 2) {
        if (seen[place] === number) return seen[place + 1] === digest ? 'same' : 'other'
      }
      seen[next] = number
      seen[next + 1] = digest
      next = (next + 2) % seen.length
      return 'new'
    },
  }
}
