import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { openSpool, type Spool } from '../../../agent/spool/spool.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { scratchDirectory } from '../support/scratch.ts'

const LIMIT = 1024 * 1024

async function open(directory: string, limitBytes = LIMIT, log = createMemoryLog().log): Promise<Spool> {
  return openSpool({ directory, clock: systemClock, log, limitBytes, memoryBatches: 10 })
}

/** Body of a batch that can be recognised again. */
const bodyOf = (number: number, padding = 0): string => `{"number":${number},"padding":"${'x'.repeat(padding)}"}`

async function fill(spool: Spool, count: number, padding = 0): Promise<number[]> {
  const numbers: number[] = []
  for (let index = 0; index < count; index += 1) {
    await spool.append(1_000 + index, number => {
      numbers.push(number)
      return bodyOf(number, padding)
    })
  }
  return numbers
}

/** Delivers everything that is left and tells the numbers. */
async function drain(spool: Spool): Promise<number[]> {
  const numbers: number[] = []
  for (let record = await spool.next(); record !== undefined; record = await spool.next()) {
    expect(JSON.parse(record.body.toString()).number).toBe(record.number)
    numbers.push(record.number)
    await spool.acknowledge(record.number)
  }
  return numbers
}

const segmentsIn = (directory: string): string[] => readdirSync(directory).filter(name => name.endsWith('.segment'))

/** The directory as it would be found after a kill at this moment. */
function snapshot(directory: string): string {
  const copy = scratchDirectory()
  for (const name of readdirSync(directory)) copyFileSync(join(directory, name), join(copy, name))
  return copy
}

describe('the spool', () => {
  it('gives back what was put in, in order, the same one until it is acknowledged', async () => {
    const spool = await open(scratchDirectory())
    expect(await spool.next()).toBeUndefined()
    const numbers = await fill(spool, 3)
    expect(numbers).toEqual([1, 2, 3])
    expect((await spool.next())?.number).toBe(1)
    expect((await spool.next())?.number).toBe(1)
    expect((await spool.next())?.atMs).toBe(1_000)
    expect(spool.stats()).toMatchObject({ batches: 3 })
    expect(await drain(spool)).toEqual([1, 2, 3])
    expect(spool.stats()).toMatchObject({ bytes: 0, batches: 0, dropped: 0, rejected: 0 })
    await spool.close()
  })

  it('keeps its id and its batches over a stop, and goes on with the next number', async () => {
    const directory = scratchDirectory()
    const first = await open(directory)
    await fill(first, 5)
    await first.acknowledge(1)
    await first.acknowledge(2)
    await first.close()
    const second = await open(directory)
    expect(second.id).toBe(first.id)
    expect(second.stats().batches).toBe(3)
    expect(await fill(second, 1)).toEqual([6])
    expect(await drain(second)).toEqual([3, 4, 5, 6])
    await second.close()
  })

  it('never gives a number twice, also when it was killed right after everything was acknowledged', async () => {
    let directory = scratchDirectory()
    const used = new Set<number>()
    for (let life = 0; life < 5; life += 1) {
      const spool = await open(directory)
      for (const number of await fill(spool, 3)) {
        expect(used.has(number)).toBe(false)
        used.add(number)
      }
      await drain(spool)
      directory = snapshot(directory)
      for (const name of segmentsIn(directory)) rmSync(join(directory, name))
      await spool.close()
    }
  })

  it('forgets files that are delivered', async () => {
    const directory = scratchDirectory()
    const spool = await open(directory)
    await fill(spool, 100, 2_000)
    expect(segmentsIn(directory).length).toBeGreaterThan(2)
    await drain(spool)
    expect(segmentsIn(directory).length).toBeLessThanOrEqual(1)
    await spool.close()
  })

  it('survives a kill at any byte of an append: what was acknowledged to the caller is there, the torn rest is cut', async () => {
    const source = scratchDirectory()
    const spool = await open(source)
    await fill(spool, 4, 10)
    const before = snapshot(source)
    const name = segmentsIn(source)[0] ?? ''
    const soundBytes = readFileSync(join(before, name)).length
    await fill(spool, 1, 10)
    const whole = readFileSync(join(source, name))
    await spool.close()
    for (let cut = soundBytes; cut < whole.length; cut += 1) {
      const directory = snapshot(before)
      writeFileSync(join(directory, name), whole.subarray(0, cut))
      const recovered = await open(directory)
      expect(recovered.stats()).toMatchObject({ batches: 4, dropped: 0 })
      await fill(recovered, 1)
      expect((await drain(recovered)).slice(0, 4)).toEqual([1, 2, 3, 4])
      await recovered.close()
    }
  })

  it('skips and counts a record that a bad disk altered, once, and keeps all others', async () => {
    const source = scratchDirectory()
    const spool = await open(source)
    await fill(spool, 6, 10)
    await spool.close()
    const name = segmentsIn(source)[0] ?? ''
    const length = readFileSync(join(source, name)).length
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: length - 1 }), async position => {
        const directory = snapshot(source)
        const bytes = readFileSync(join(directory, name))
        bytes.writeUInt8(bytes.readUInt8(position) ^ 0x41, position)
        writeFileSync(join(directory, name), bytes)
        const hit = Math.floor((position * 6) / length) + 1
        const { log, messages } = createMemoryLog()
        const first = await open(directory, LIMIT, log)
        const { dropped } = first.stats()
        if (hit < 6) expect(messages('error')).toEqual(['spool had damaged records, which are lost'])
        await first.close()
        const again = await open(directory)
        expect(again.stats().dropped).toBe(dropped)
        expect(await drain(again)).toEqual([1, 2, 3, 4, 5, 6].filter(number => number !== hit))
        await again.close()
      }),
      { numRuns: 60 },
    )
  })

  it('drops its oldest batches when it is full, and remembers how many', async () => {
    const directory = scratchDirectory()
    const limitBytes = 64 * 1024
    const { log, messages } = createMemoryLog()
    const spool = await open(directory, limitBytes, log)
    const numbers = await fill(spool, 100, 2_000)
    const stats = spool.stats()
    expect(stats.dropped).toBeGreaterThan(50)
    expect(stats.batches + stats.dropped).toBe(100)
    expect(stats.bytes).toBeLessThanOrEqual(limitBytes)
    expect(messages('error')).toContain('spool is full, its oldest batches are dropped')
    await spool.close()
    const again = await open(directory, limitBytes)
    expect(again.stats().dropped).toBe(stats.dropped)
    expect(await drain(again)).toEqual(numbers.slice(stats.dropped))
    await again.close()
  })

  it('sets aside what the collector will never take, with the reason, and goes on with the next', async () => {
    const directory = scratchDirectory()
    const spool = await open(directory)
    await fill(spool, 2)
    const poisoned = await spool.next()
    if (poisoned === undefined) throw new Error('nothing to reject')
    await spool.reject(poisoned, 'status 400 bad-batch: series.3 is wrong')
    expect(spool.stats()).toMatchObject({ rejected: 1, batches: 1, dropped: 0 })
    expect(await drain(spool)).toEqual([2])
    const kept = join(directory, 'rejected', '0000000000000001')
    expect(readFileSync(`${kept}.batch.json`, 'utf8')).toBe(bodyOf(1))
    expect(readFileSync(`${kept}.problem.txt`, 'utf8')).toContain('series.3 is wrong')
    await spool.close()
    const again = await open(directory)
    expect(again.stats().rejected).toBe(1)
    await again.close()
  })

  it('becomes a new spool when its ledger is lost, and still delivers what is there', async () => {
    const directory = scratchDirectory()
    const first = await open(directory)
    await fill(first, 3)
    await first.close()
    truncateSync(join(directory, 'ledger'), 0)
    const second = await open(directory)
    onTestFinished(() => second.close())
    expect(second.id).not.toBe(first.id)
    const [number] = await fill(second, 1)
    expect(number).toBeGreaterThan(3)
    expect(await drain(second)).toEqual([1, 2, 3, number])
  })

  it('does not stand still when someone removes its files', async () => {
    const directory = scratchDirectory()
    const spool = await open(directory)
    await fill(spool, 100, 2_000)
    const files = segmentsIn(directory).sort()
    rmSync(join(directory, files[1] ?? ''))
    const delivered = await drain(spool)
    expect([delivered[0], delivered.at(-1)]).toEqual([1, 100])
    expect(delivered.length + spool.stats().dropped).toBe(100)

    // Also the one that is being written to.
    await fill(spool, 2)
    for (const name of segmentsIn(directory)) rmSync(join(directory, name))
    await drain(spool)
    await fill(spool, 2)
    expect(await drain(spool)).toEqual([103, 104])
    await spool.close()
  })

  it('holds its promises over any sequence of putting in, delivering, stopping and being killed', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.constant('append' as const) },
      { weight: 4, arbitrary: fc.constant('deliver' as const) },
      { weight: 1, arbitrary: fc.constant('stop' as const) },
      { weight: 1, arbitrary: fc.constant('kill' as const) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        let directory = scratchDirectory()
        let spool = await open(directory)
        const waiting: number[] = []
        let highest = 0
        for (const what of steps) {
          if (what === 'append') {
            const [number = 0] = await fill(spool, 1, 3_000)
            expect(number).toBeGreaterThan(highest)
            highest = number
            waiting.push(number)
          } else if (what === 'deliver') {
            const record = await spool.next()
            expect(record?.number).toBe(waiting.shift())
            if (record) await spool.acknowledge(record.number)
          } else {
            if (what === 'stop') await spool.close()
            const found = snapshot(directory)
            if (what === 'kill') await spool.close()
            directory = found
            spool = await open(directory)
          }
          expect(spool.stats().batches).toBe(waiting.length)
        }
        expect(await drain(spool)).toEqual(waiting)
        await spool.close()
      }),
      { numRuns: 40 },
    )
  })
})
