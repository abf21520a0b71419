// The same story as in test/contract/series-store/embedded-kill.test.ts, so often that a kill hits each moment of a flush.
import { expect, it } from 'vitest'
import { playKills } from '../contract/series-store/kill-story.ts'
import { playKillsWhilePuttingTogether } from '../contract/series-store/together-story.ts'

it('keeps every acknowledged sample exactly once through 500 kill -9', { timeout: 30 * 60_000 }, async () => {
  for (const memoryLimitBytes of [2_000, 20_000, 64 * 1024 * 1024]) await playKills({ kills: 167, memoryLimitBytes })
})

it('has all of a week whose windows were put together when it was killed, 100 times', {
  timeout: 10 * 60_000,
}, async () => {
  // Before the end of it, or the kills hit nothing.
  expect(await playKillsWhilePuttingTogether({ kills: 100 })).toBeGreaterThan(10)
})
