// How many batches an agent may deliver: a bucket of tokens each, refilled with time. Time comes in as an argument.

export type ThrottleLimits = { ratePerS: number; burst: number }

/** An agent that catches up sends several batches a second; more than this is a loop or an attack. */
export const BATCH_LIMITS_PER_AGENT: ThrottleLimits = { ratePerS: 50, burst: 200 }

export type Bucket = { tokens: number; at: number }

const ROUNDING = 1e-9

/** Takes a token. `waitMs` is 0 when there was one, else how long until there is. A clock that goes back adds nothing. */
export function takeToken(
  bucket: Bucket | undefined,
  at: number,
  { ratePerS, burst }: ThrottleLimits,
): { bucket: Bucket; waitMs: number } {
  const elapsedMs = bucket === undefined ? 0 : Math.max(0, at - bucket.at)
  const tokens = bucket === undefined ? burst : Math.min(burst, bucket.tokens + (elapsedMs / 1000) * ratePerS)
  const missing = 1 - tokens
  // Fractions of tokens add up to a hair less than they should: who waited as told must not be told again.
  if (missing > ROUNDING) return { bucket: { tokens, at }, waitMs: Math.ceil(((missing - ROUNDING) / ratePerS) * 1000) }
  return { bucket: { tokens: Math.max(0, tokens - 1), at }, waitMs: 0 }
}

export type Throttle = {
  /** 0 when this agent may deliver now, else milliseconds until it may. */
  take(agentId: string, at: number): number
  size(): number
}

/** Buckets that are full again are forgotten after so many takes: agents come and go. */
const SWEEP_EVERY = 10_000

export function createThrottle(limits: ThrottleLimits = BATCH_LIMITS_PER_AGENT): Throttle {
  const buckets = new Map<string, Bucket>()
  const fullAfterMs = (limits.burst / limits.ratePerS) * 1000
  let takes = 0

  return {
    take(agentId, at) {
      if (++takes % SWEEP_EVERY === 0) {
        for (const [id, bucket] of buckets) if (at - bucket.at > fullAfterMs) buckets.delete(id)
      }
      const { bucket, waitMs } = takeToken(buckets.get(agentId), at, limits)
      buckets.set(agentId, bucket)
      return waitMs
    },
    size: () => buckets.size,
  }
}
