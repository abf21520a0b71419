import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { type Clock, systemClock } from '../../../agent/platform/clock.ts'
import { nextTickMs, startRhythm } from '../../../agent/platform/rhythm.ts'

describe('the rhythm of measuring', () => {
  it('stays on its grid for ever, and the next tick is never in the past nor further than one interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        fc.integer({ min: 100, max: 3_600_000 }),
        fc.integer({ min: 0, max: 1e12 }),
        (startMs, intervalMs, sinceMs) => {
          const next = nextTickMs(startMs, intervalMs, startMs + sinceMs)
          expect((next - startMs) % intervalMs).toBe(0)
          expect(next).toBeGreaterThan(startMs + sinceMs)
          expect(next - (startMs + sinceMs)).toBeLessThanOrEqual(intervalMs)
        },
      ),
    )
  })

  it('ticks at once, a second time soon, then on the grid, whatever the wall clock does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'hrtime', 'Date'] })
    try {
      const ticksMs: number[] = []
      const startMs = performance.now()
      const rhythm = startRhythm({
        clock: systemClock,
        intervalMs: 10_000,
        secondTickMs: 1_000,
        onError: () => {},
        async tick() {
          ticksMs.push(performance.now() - startMs)
          vi.setSystemTime(Date.now() + (ticksMs.length % 2 === 0 ? 86_400_000 : -86_400_000))
        },
      })
      await vi.advanceTimersByTimeAsync(40_000)
      expect(ticksMs).toEqual([0, 1_000, 10_000, 20_000, 30_000, 40_000])
      await rhythm.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  it('never overlaps: a tick that takes too long skips the places it missed', async () => {
    let running = 0
    let most = 0
    const startedMs: number[] = []
    const clock: Clock = systemClock
    const beginMs = clock.monotonicMs()
    const rhythm = startRhythm({
      clock,
      intervalMs: 50,
      secondTickMs: 50,
      onError: () => {},
      async tick() {
        running += 1
        most = Math.max(most, running)
        startedMs.push(clock.monotonicMs() - beginMs)
        await sleep(startedMs.length === 2 ? 130 : 1)
        running -= 1
      },
    })
    await expect.poll(() => startedMs.length).toBeGreaterThan(4)
    await rhythm.stop()
    expect(most).toBe(1)
    const third = startedMs[2] ?? 0
    expect(third).toBeGreaterThanOrEqual(195)
  })

  it('goes on after a tick that failed, and waits for the running one when it stops', async () => {
    const errors: unknown[] = []
    let finished = 0
    const rhythm = startRhythm({
      clock: systemClock,
      intervalMs: 20,
      secondTickMs: 20,
      onError: error => errors.push(error),
      async tick() {
        await sleep(10)
        finished += 1
        throw new Error('no')
      },
    })
    await expect.poll(() => errors.length).toBeGreaterThan(1)
    await rhythm.stop()
    const after = finished
    await sleep(60)
    expect(finished).toBe(after)
  })
})
