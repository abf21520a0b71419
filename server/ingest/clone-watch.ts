// Two machines that speak with the key of one agent: one was copied from the other, data directory and all. Pure: what
// was seen goes in, time as an argument, and a plain reason comes out.
import { createHash } from 'node:crypto'

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
  /** Digest of the last bodies by number: what is sent again is byte for byte the same. */
  bodies: Map<number, string>
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
    ...{ spool, bodies: new Map(), highestFresh: 0, stepsBackAt: [], returnsAt, before },
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

      const digest = createHash('sha256').update(body).digest('base64')
      const known = watched.bodies.get(number)
      if (known !== undefined && known !== digest) {
        return `Batch ${number} came twice with different contents: two machines use the data directory of this agent`
      }
      watched.bodies.set(number, digest)
      const oldest = watched.bodies.size > KEPT_BODIES ? watched.bodies.keys().next() : undefined
      if (oldest !== undefined && oldest.done !== true) watched.bodies.delete(oldest.value)

      if (lane !== 'fresh' || known !== undefined) return null
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
