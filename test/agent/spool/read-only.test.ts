import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../agent/platform/clock.ts'
import { createNumbers, RESERVED_AHEAD } from '../../../agent/spool/numbers.ts'
import { openSpool, type Spool } from '../../../agent/spool/spool.ts'
import { createMemoryLog } from '../support/memory-log.ts'
import { requireRoot } from '../support/require-root.ts'
import { scratchDirectory } from '../support/scratch.ts'

/** A disk that the kernel makes read-only when `breaks` is called, as it does with one that it finds broken. */
function mountDisk(image: string, place: string) {
  execFileSync('mount', ['-o', 'loop,errors=remount-ro', image, place])
  const device = execFileSync('findmnt', ['-no', 'SOURCE', place], { encoding: 'utf8' }).trim()
  return () => writeFileSync(`/sys/fs/ext4/${device.replace('/dev/', '')}/trigger_fs_error`, '1')
}

it('goes on for ever on a disk that turned read-only, counts what memory cannot hold, and a restart gives no name again', async () => {
  requireRoot()
  const home = scratchDirectory()
  const [image, disk] = [join(home, 'image'), join(home, 'disk')]
  mkdirSync(disk)
  execFileSync('truncate', ['-s', '8M', image])
  execFileSync('mkfs.ext4', ['-q', '-O', '^has_journal', image])
  const breaks = mountDisk(image, disk)
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  const { log, messages } = createMemoryLog()
  const deps = { directory: join(disk, 'spool'), clock: systemClock, log, limitBytes: 1024 * 1024, memoryBatches: 20 }
  /** "NAME of the spool NUMBER", which the collector takes once. */
  const given: string[] = []
  const append = async (spool: Spool, times: number): Promise<void> => {
    for (let index = 0; index < times; index += 1)
      await spool.append(1_764_000_000_000, (number, name) => given[given.push(`${name} ${number}`) - 1] ?? '')
  }
  const drain = async (spool: Spool): Promise<string[]> => {
    const bodies: string[] = []
    for (let record = await spool.next(); record !== undefined; record = await spool.next()) {
      bodies.push(record.body.toString())
      await spool.acknowledge(record.number)
    }
    return bodies
  }

  const first = await openSpool(deps)
  const name = first.id
  await append(first, 5)
  breaks()
  await append(first, RESERVED_AHEAD + 50)
  // Five on the disk, twenty in memory, the rest counted.
  expect(first.stats()).toMatchObject({ batches: 25, dropped: RESERVED_AHEAD + 30, disk: 'failing' })
  expect(messages('warn').filter(message => message === 'spool cannot write its ledger')).toHaveLength(1)
  expect(first.id).not.toBe(name)
  expect(await drain(first)).toEqual([...given.slice(0, 5), ...given.slice(-20)])

  // The machine is started anew and its disk is whole again: it knows nothing of the other name.
  await first.close()
  execFileSync('umount', [disk])
  mountDisk(image, disk)
  const restarted = await openSpool(deps)
  expect(restarted.id).toBe(name)
  await append(restarted, 5)
  expect((await drain(restarted)).slice(-5)).toEqual(given.slice(-5))
  await restarted.close()
  expect(new Set(given).size).toBe(given.length)
})

it('whatever the disk takes and whenever a restart comes, no number comes twice under one name', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('take' as const), times: fc.integer({ min: 1, max: RESERVED_AHEAD + 100 }) }),
    fc.record({ kind: fc.constant('disk' as const), works: fc.boolean() }),
    fc.constant({ kind: 'restart' as const }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async steps => {
      let names = 0
      let works = true
      const kept = { name: 'spool 0', reserved: RESERVED_AHEAD + 1 }
      let name = kept.name
      const start = (first: number) =>
        createNumbers({
          first,
          async reserve(through) {
            if (works) Object.assign(kept, { name, reserved: through })
            return works
          },
          rename() {
            names += 1
            name = `spool ${names}`
          },
        })
      let numbers = start(1)
      const given = new Set<string>()
      let taken = 0
      for (const one of steps) {
        if (one.kind === 'disk') works = one.works
        if (one.kind === 'restart') {
          // A disk that takes nothing at a start has the spool begin under a name of its own: openSpool sees to that.
          works = true
          name = kept.name
          const first = kept.reserved + 1
          kept.reserved = first + RESERVED_AHEAD
          numbers = start(first)
        }
        for (let left = one.kind === 'take' ? one.times : 0; left > 0; left -= 1) {
          const number = await numbers.take()
          given.add(`${name} ${number}`)
          taken += 1
        }
      }
      expect(given.size).toBe(taken)
    }),
    { numRuns: 30 },
  )
})
