import { expect, it } from 'vitest'
import { createWallPatches } from '../../../server/live/wall-patches.ts'
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

it('tells open pages of a router that went down, also when somebody else asked for the wall just before', async () => {
  const watch = await openWatch()
  const network = await openNetwork(watch)
  const router = await network.router('core')
  await network.pass(20 * SECOND_MS)
  const wall = await createWall(watch)
  const patches = createWallPatches({ epoch: 'epoch-1', wall })
  patches.next(watch.clock.at)
  expect(wall.turned(watch.clock.at, patches.told)).toEqual([])
  await network.change(router, false)
  wall.tiles(watch.clock.at)
  const turned = wall.turned(watch.clock.at, patches.told)
  expect(patches.next(watch.clock.at, turned)?.servers).toMatchObject([{ name: 'core', state: 'down' }])
})
