import { expect, it } from 'vitest'
import { readTopology } from '../../../server/views/links.ts'
import { createWall } from '../../../server/views/wall.ts'
import { openNetwork } from '../rules/network.ts'
import { openWatch, SECOND_MS } from '../rules/watch.ts'

it('shows a server that only its agent speaks for as the wall shows it, and what probes decide on as they say', async () => {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const router = await network.router('core')
  await network.pass(20 * SECOND_MS)
  await network.change(router, false)
  const wall = await createWall(watch)
  const { subjects } = await readTopology({ records: watch.records, board: watch.board, wall }, watch.clock.at)
  const states = Object.fromEntries(subjects.map(({ name, standing }) => [name, standing.state]))
  expect(states).toEqual({ core: 'down', 'noc-poller': 'up' })
})
