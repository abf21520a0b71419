/**
 * How long to wait before attempt number `attempt` (1 = after the first failure): doubles from 1 s up to the cap, spread
 * over the upper half so that agents which failed together do not return together.
 */
export function backOffMs(attempt: number, capMs: number, random: number): number {
  const fullMs = Math.min(capMs, 1_000 * 2 ** Math.min(attempt - 1, 20))
  return Math.round(fullMs * (0.5 + random / 2))
}

/** Longest pause that a collector may ask for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000

/** Retry-After as milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when absent or unreadable. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs
  if (Number.isNaN(waitMs)) return undefined
  return Math.min(Math.max(waitMs, 0), LONGEST_RETRY_AFTER_MS)
}
