// The embedded store in a real process that is killed without warning; 500 times in test/long/series-kill.test.ts.
import { it } from 'vitest'
import { playKills } from './kill-story.ts'

it.each([
  ['that logs', 64 * 1024 * 1024],
  ['that flushes all the time', 2_000],
])(
  'a store %s keeps every acknowledged sample exactly once through 5 kill -9',
  { timeout: 180_000 },
  async (_, memoryLimitBytes) => {
    await playKills({ kills: 5, memoryLimitBytes })
  },
)
