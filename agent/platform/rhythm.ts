import type { Clock } from './clock.ts'

export type Rhythm = { stop(): Promise<void> }

/**
 * When the next tick is due, on the grid start, start + interval, start + 2 interval ... of the monotonic clock. A tick
 * that took too long skips the places it missed; it never shifts the grid.
 */
export function nextTickMs(startMs: number, intervalMs: number, afterMs: number): number {
  return startMs + (Math.floor((afterMs - startMs) / intervalMs) + 1) * intervalMs
}

/**
 * Ticks at once, once more after `secondTickMs` (so that the first growth of counters is known quickly), then on the
 * grid. Ticks never overlap. `tick` must not throw: `onError` gets what it threw.
 */
export function startRhythm(deps: {
  clock: Clock
  intervalMs: number
  secondTickMs: number
  tick: () => Promise<void>
  onError: (error: unknown) => void
}): Rhythm {
  const { clock, intervalMs, tick, onError } = deps
  const startMs = clock.monotonicMs()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running: Promise<void> = Promise.resolve()

  const run = (nextMs: () => number): void => {
    running = tick()
      .catch(onError)
      .then(() => {
        if (stopped) return
        const waitMs = Math.max(0, nextMs() - clock.monotonicMs())
        timer = setTimeout(() => run(() => nextTickMs(startMs, intervalMs, clock.monotonicMs())), waitMs)
      })
  }
  run(() => startMs + Math.min(deps.secondTickMs, intervalMs))

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
