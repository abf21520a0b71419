import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `look` gives something; fails with `what` when it does not within the time. */
export async function eventually<T>(what: string, look: () => T | undefined | false, withinMs = 30_000): Promise<T> {
  const endMs = performance.now() + withinMs
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > endMs) throw new Error(`did not happen within ${withinMs} ms: ${what}`)
    await sleep(10)
  }
}
