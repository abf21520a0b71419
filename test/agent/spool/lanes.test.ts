import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../agent/platform/clock.ts'
import { openSpool, type Spool } from '../../../agent/spool/spool.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { scratchDirectory } from '../support/scratch.ts'

function createClock(): Clock & { pass(ms: number): void } {
  let ms = 0
  const pass = (more: number): void => {
    ms += more
  }
  return { nowMs: () => 1_000_000 + ms, monotonicMs: () => ms, pass }
}

async function open(directory: string, limitBytes = 1024 * 1024, clock: Clock = createClock()): Promise<Spool> {
  return openSpool({ directory, clock, log: createMemoryLog().log, limitBytes, memoryBatches: 10 })
}

async function fill(spool: Spool, count: number, padding = 3_000): Promise<number[]> {
  const numbers: number[] = []
  for (let index = 0; index < count; index += 1) {
    await spool.append(1_000, number => {
      numbers.push(number)
      return `{"number":${number},"padding":"${'x'.repeat(padding)}"}`
    })
  }
  return numbers
}

const numberOf = async (spool: Spool, lane: 'fresh' | 'catchup'): Promise<number | undefined> =>
  (await spool.next(lane))?.number

function snapshot(directory: string): string {
  const copy = scratchDirectory()
  for (const name of readdirSync(directory)) copyFileSync(join(directory, name), join(copy, name))
  return copy
}

describe('the two lanes of the spool', () => {
  it('give the three newest and, beside them, all that waited, each in order', async () => {
    const spool = await open(scratchDirectory())
    await fill(spool, 10)
    expect(await numberOf(spool, 'fresh')).toBe(8)
    expect(await numberOf(spool, 'catchup')).toBe(1)
    await spool.acknowledge(8)
    await spool.acknowledge(1)
    expect(await numberOf(spool, 'fresh')).toBe(9)
    expect(await numberOf(spool, 'catchup')).toBe(2)
    for (const number of [2, 3, 4, 5, 6, 7]) {
      expect(await numberOf(spool, 'catchup')).toBe(number)
      await spool.acknowledge(number)
    }
    expect(await numberOf(spool, 'catchup')).toBeUndefined()
    expect(spool.stats().batches).toBe(2)
    await spool.close()
  })

  it('never give the same batch to both, also when newer ones come while it is under way', async () => {
    const spool = await open(scratchDirectory())
    await fill(spool, 1)
    expect(await numberOf(spool, 'fresh')).toBe(1)
    await fill(spool, 5)
    expect(await numberOf(spool, 'catchup')).toBe(2)
    await spool.acknowledge(1)
    expect(await numberOf(spool, 'fresh')).toBe(4)
    await spool.close()
  })

  it('remember over a kill what went out first, so that it is not sent again', async () => {
    const directory = scratchDirectory()
    const spool = await open(directory)
    await fill(spool, 40)
    for (const number of [38, 39, 40]) await spool.acknowledge(number)
    await fill(spool, 20)
    for (const number of [58, 59, 60, 1, 2]) await spool.acknowledge(number)
    const after = await open(snapshot(directory))
    const left: number[] = []
    for (let record = await after.next(); record !== undefined; record = await after.next()) {
      left.push(record.number)
      await after.acknowledge(record.number)
    }
    const numbers = Array.from({ length: 60 }, (_, index) => index + 1)
    expect(left).toEqual(numbers.filter(number => ![1, 2, 38, 39, 40, 58, 59, 60].includes(number)))
    await after.close()
    await spool.close()
  })

  it('deliver each batch once and lose none, whichever lane gets the next turn, over kills', async () => {
    const step = fc.constantFrom(
      'append' as const,
      'append' as const,
      'fresh' as const,
      'catchup' as const,
      'kill' as const,
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async steps => {
        let directory = scratchDirectory()
        let spool = await open(directory)
        const waiting = new Set<number>()
        for (const what of [...steps, ...Array.from({ length: 60 }, () => ['fresh', 'catchup'] as const).flat()]) {
          if (what === 'append') {
            for (const number of await fill(spool, 1)) waiting.add(number)
          } else if (what === 'kill') {
            const found = snapshot(directory)
            await spool.close()
            directory = found
            spool = await open(directory)
          } else {
            const record = await spool.next(what)
            if (record === undefined) continue
            expect(waiting.delete(record.number)).toBe(true)
            await spool.acknowledge(record.number)
          }
          expect(spool.stats().batches).toBe(waiting.size)
        }
        expect([...waiting]).toEqual([])
        expect(spool.stats().dropped).toBe(0)
        await spool.close()
      }),
      { numRuns: 40 },
    )
  })
})

describe('how long the spool lasts', () => {
  it('is told by the rate at which it really fills, and shrinks as it does', async () => {
    const clock = createClock()
    const spool = await open(scratchDirectory(), 1024 * 1024, clock)
    await fill(spool, 1, 1_000)
    expect(spool.stats().secondsLeft).toBeUndefined()
    for (let tick = 0; tick < 20; tick += 1) {
      clock.pass(10_000)
      await fill(spool, 1, 972)
    }
    // About 1,024 bytes each ten seconds into one MiB less what is there.
    const { secondsLeft = 0, bytes } = spool.stats()
    expect(secondsLeft).toBeGreaterThan((1024 * 1024 - bytes) / 110)
    expect(secondsLeft).toBeLessThan((1024 * 1024 - bytes) / 95)
    for (let tick = 0; tick < 20; tick += 1) {
      clock.pass(1_000)
      await fill(spool, 1, 972)
    }
    expect(spool.stats().secondsLeft).toBeLessThan(secondsLeft / 1.5)
    await spool.close()
  })
})
