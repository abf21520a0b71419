import { describe, expect, it } from 'vitest'
import { countRuns, tellKillStory } from './support/kill-story.ts'

describe('an agent that is killed at random moments', () => {
  it('loses nothing that it had kept, alters nothing, and gives no number twice', async () => {
    const story = await tellKillStory(10, Math.random)
    expect(story.altered).toEqual([])
    expect(story.acknowledged.size).toBeGreaterThan(10)
    expect(story.seenOnDisk.size).toBeGreaterThan(0)
    // Numbers jump ahead once with each life; any further hole would be a lost batch.
    expect(countRuns([...story.acknowledged.keys()])).toBeLessThanOrEqual(story.kills + 1)
  }, 240_000)
})
