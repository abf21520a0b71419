import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createPace } from '../../../server/ingest/pace.ts'

it('gives a consumer longer slices when turns are full of requests, and short ones again afterwards', async () => {
  let nowMs = 0
  const pace = createPace(() => nowMs)
  expect(pace.sliceMs()).toBe(12)
  const turn = async (ms: number) => {
    const taken = pace.turn()
    nowMs += ms
    await taken
    await nextTurn()
  }
  await turn(900)
  expect(pace.sliceMs()).toBe(300)
  await turn(3)
  expect(pace.sliceMs()).toBe(12)
})
