import { expect, it } from 'vitest'
import { countRuns, tellKillStory } from '../agent/support/kill-story.ts'
import { scratchDirectory } from '../agent/support/scratch.ts'
import { buildAgent } from '../support/built-agent.ts'

const KILLS = Number(process.env.PANTAU_TEST_KILLS ?? 1_000)
/** Beside each other: one agent alone spends most of its time waiting for disk and collector. */
const MACHINES = 4

it('loses nothing that it had kept, alters nothing, and gives no number twice, however often it is killed', async () => {
  const program = [buildAgent(scratchDirectory())]
  const startedMs = performance.now()
  const stories = await Promise.all(
    Array.from({ length: MACHINES }, () => tellKillStory(Math.ceil(KILLS / MACHINES), Math.random, program)),
  )
  for (const story of stories) {
    expect(story.altered).toEqual([])
    expect(story.seenOnDisk.size).toBeGreaterThan(0)
    expect(story.acknowledged.size).toBeGreaterThan(story.kills / 2)
    // Numbers jump ahead once with each life; any further hole would be a lost batch.
    expect(countRuns([...story.acknowledged.keys()])).toBeLessThanOrEqual(story.kills + 1)
  }
  const sum = (count: (story: (typeof stories)[number]) => number) => stories.reduce((all, one) => all + count(one), 0)
  console.log(
    `${sum(({ kills }) => kills)} kills in ${Math.round((performance.now() - startedMs) / 1000)} s:`,
    `${sum(({ acknowledged }) => acknowledged.size)} batches acknowledged, ${sum(({ resent }) => resent)} of them sent again,`,
    `${sum(({ seenOnDisk }) => seenOnDisk.size)} seen on disk after a kill, none lost or altered`,
  )
}, 3_600_000)
