export type CounterWidth = 32 | 64

/** Nothing is faster than this where a device says no speed: 100 Gbit/s. */
const FASTEST_BYTES_A_SECOND = 12_500_000_000
/** Counters are read a moment before or after the uptime, and lines carry a little more than they say. */
const SPEED_SLACK = 1.1
const SLACK_BYTES = 65_536
/** The smallest packet on a wire has 64 bytes, so there are no more packets than this share of the bytes. */
const LEAST_PACKET_BYTES = 64

/**
 * By how much a counter grew, or undefined when that cannot be told: it fell without a wrap that makes sense. Of 32 bits
 * one wrap is taken where the growth fits what the interface can carry; one of 64 bits never wraps in a lifetime.
 * `mostPerSecond` is what it can grow by at most; undefined where nothing is known.
 */
export function counterStep(
  before: bigint,
  now: bigint,
  width: CounterWidth,
  overMs: number,
  mostPerSecond: number | undefined,
): bigint | undefined {
  if (overMs <= 0) return undefined
  const isWrap = now < before
  if (isWrap && width === 64) return undefined
  const growth = isWrap ? now + (1n << 32n) - before : now - before
  const most = (mostPerSecond ?? FASTEST_BYTES_A_SECOND) * SPEED_SLACK * (overMs / 1_000) + SLACK_BYTES
  if (Number(growth) > most) return undefined
  // Where no speed is known, a fall is a wrap only from the upper half into the lower one.
  if (isWrap && mostPerSecond === undefined && growth >= 1n << 31n) return undefined
  return growth
}

/** What counters of an interface can grow by in a second. */
export const mostBytes = (speedBps: number | null): number | undefined => (speedBps === null ? undefined : speedBps / 8)
export const mostPackets = (speedBps: number | null): number | undefined =>
  speedBps === null ? undefined : speedBps / 8 / LEAST_PACKET_BYTES

/** Whether a counter of 32 bits can go round more than once in this time, where the speed is known. */
export const canWrapTwice = (speedBps: number | null, overMs: number): boolean =>
  speedBps !== null && (speedBps / 8) * (overMs / 1_000) >= 2 ** 32
