import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { openSpool, type Spool } from '../../../agent/spool/spool.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { requireRoot } from '../support/require-root.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** A filesystem of 512 KiB that can really run full. */
function mountSmallDisk(): string {
  requireRoot()
  const place = join(scratchDirectory(), 'disk')
  mkdirSync(place)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', place])
  onTestFinished(() => void execFileSync('umount', ['-l', place]))
  return place
}

/** Someone else's file takes all that is left. */
function fillUp(disk: string): string {
  const path = join(disk, 'somebody-elses-file')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(path, Buffer.alloc(bavail * bsize))
  return path
}

const append = async (spool: Spool): Promise<number> => {
  let given = 0
  await spool.append(Date.now(), number => {
    given = number
    return `{"number":${number},"padding":"${'x'.repeat(3_000)}"}`
  })
  return given
}

async function drain(spool: Spool): Promise<number[]> {
  const numbers: number[] = []
  for (let record = await spool.next(); record !== undefined; record = await spool.next()) {
    numbers.push(record.number)
    await spool.acknowledge(record.number)
  }
  return numbers
}

describe('a full disk', () => {
  it('does not stop the agent from keeping, delivering and, when there is room again, writing', async () => {
    const disk = mountSmallDisk()
    const { log, messages } = createMemoryLog()
    const directory = join(disk, 'spool')
    const deps = { directory, clock: systemClock, log, limitBytes: 64 * 1024 * 1024, memoryBatches: 20 }
    const spool = await openSpool(deps)
    const written = [await append(spool), await append(spool), await append(spool)]
    const blocker = fillUp(disk)
    const held: number[] = []
    for (let index = 0; index < 15; index += 1) held.push(await append(spool))
    expect(spool.stats()).toMatchObject({ batches: 18, dropped: 0 })
    expect(messages('error')).toEqual(['spool cannot write to disk, keeping batches in memory'])

    // It is delivered while the disk is full: a full disk must be able to report itself.
    const first = await spool.next()
    expect(first?.number).toBe(written[0])
    for (const number of written) await spool.acknowledge(number)
    expect((await spool.next())?.number).toBe(held[0])

    rmSync(blocker)
    const after = await append(spool)
    expect(messages('info')).toEqual(['spool writes to disk again'])
    expect(spool.stats()).toMatchObject({ batches: 16, dropped: 0 })
    await spool.close()
    const again = await openSpool(deps)
    expect(await drain(again)).toEqual([...held, after])
    await again.close()
  })

  it('loses only what memory cannot hold, the oldest first, and counts it', async () => {
    const disk = mountSmallDisk()
    const { log, messages } = createMemoryLog()
    const deps = {
      directory: join(disk, 'spool'),
      clock: systemClock,
      log,
      limitBytes: 64 * 1024 * 1024,
      memoryBatches: 5,
    }
    const spool = await openSpool(deps)
    const blocker = fillUp(disk)
    const numbers: number[] = []
    for (let index = 0; index < 12; index += 1) numbers.push(await append(spool))
    expect(spool.stats().dropped).toBeGreaterThan(0)
    expect(spool.stats().batches + spool.stats().dropped).toBe(12)
    expect(messages('error')).toHaveLength(1)
    const { dropped } = spool.stats()
    await spool.close()

    // Starting on the full disk works too, and still knows what was lost; closing lost what was in memory only.
    const again = await openSpool(deps)
    const lost = again.stats().dropped
    expect(lost).toBeGreaterThanOrEqual(dropped)
    expect(again.stats().batches + lost).toBe(12)
    const next = await append(again)
    expect(next).toBeGreaterThan(numbers.at(-1) ?? 0)
    rmSync(blocker)
    await append(again)
    expect((await drain(again)).slice(-2)).toEqual([next, next + 1])
    await again.close()
  })
})

describe('a disk that is read-only at the start', () => {
  it('has a spool in memory with a name of its own, and gets it once it can be written and nobody else has it', async () => {
    const disk = mountSmallDisk()
    const remount = (how: string): void => void execFileSync('mount', ['-o', `remount,${how}`, disk])
    const { log, messages } = createMemoryLog()
    const directory = join(disk, 'agent/spool')
    const claims: string[] = []
    const open = () =>
      openSpool({
        ...{ directory, clock: systemClock, log, limitBytes: 1024 * 1024, memoryBatches: 10 },
        async claim() {
          claims.push('asked')
          if (claims.length < 3) throw new Error('another agent works here')
        },
      })
    remount('ro')
    const first = await open()
    expect(messages('error')).toEqual(['the disk is read-only: batches are kept in memory only, a restart loses them'])
    const given = [await append(first), await append(first)]
    expect(first.stats()).toMatchObject({ batches: 2, disk: 'failing', dropped: 0 })
    remount('rw')
    given.push(await append(first))
    expect(claims).toHaveLength(3)
    expect(first.stats()).toMatchObject({ batches: 3, disk: 'ok' })
    await first.close()

    const again = await open()
    expect(again.id).toBe(first.id)
    expect(await drain(again)).toEqual(given)
    await again.close()
    remount('ro')
    const other = await open()
    expect(other.id).not.toBe(first.id)
    for (let index = 0; index < 30; index += 1) await append(other)
    expect(other.stats()).toMatchObject({ batches: 10, dropped: 20, recentlyDropped: 20, disk: 'failing' })
    await other.close()
  })
})
