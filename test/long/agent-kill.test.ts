import { describe, expect, it } from 'vitest'
import { countRuns, tellKillStory } from '../agent/support/kill-story.ts'

describe('an agent that is killed a thousand times', () => {
  it(
    'loses nothing that it had kept, alters nothing, and gives no number twice',
    async () => {
      const story = await tellKillStory(Number(process.env.PANTAU_TEST_KILLS ?? 1_000), Math.random)
      expect(story.altered).toEqual([])
      expect(story.acknowledged.size).toBeGreaterThan(story.kills)
      expect(countRuns([...story.acknowledged.keys()])).toBeLessThanOrEqual(story.kills + 1)
    },
    3 * 3_600_000,
  )
})
