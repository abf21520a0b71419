import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../../agent/platform/clock.ts'
import { createDiskSource, parseDiskStats } from '../../../../agent/sources/host/disk.ts'
import { createMdRaidSource, mdGauges, parseMdStat } from '../../../../agent/sources/host/md-raid.ts'
import { createRunner } from '../../../../agent/sources/runner.ts'
import { createMemoryLog } from '../../support/memory-log.ts'
import { readNow } from '../../support/read-now.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

const DISKSTATS = `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
   8       0 sda 13000 250 1048576 4500 9000 7000 2097152 30000 2 20000 34500 0 0 0 0 700 900
   8       1 sda1 12000 250 1000000 4000 9000 7000 2097152 30000 0 20000 34000
 259       0 nvme0n1 1 0 8 1 0 0 0 0 0 1 1 0 0 0 0
 259       1 nvme0n1p1 1 0 8 1 0 0 0 0 0 1 1 0 0 0 0
 253       0 dm-0 5 0 40 2 6 0 48 3 0 4 5
`

describe('disks', () => {
  it('are the whole ones, with the columns of the kernel, old and new', () => {
    expect(parseDiskStats(DISKSTATS).map(({ device }) => device)).toEqual(['sda', 'nvme0n1', 'dm-0'])
    expect(() => parseDiskStats('sda 1 2 3')).toThrow('/proc/diskstats')
    expect(parseDiskStats('')).toEqual([])
  })

  it('tell what they did since the reading before, in bytes and seconds', async () => {
    const procRoot = scratchDirectory()
    writeTree(procRoot, { diskstats: DISKSTATS })
    const source = createDiskSource({ procRoot, clock: systemClock })
    const runner = createRunner({
      sources: [source],
      clock: systemClock,
      log: createMemoryLog().log,
      deadlineMs: 30_000,
    })
    const first = await runner.tick()
    expect(
      first.gauges.find(({ metric, labels }) => metric === 'node_disk_io_now' && labels?.device === 'sda')?.value,
    ).toBe(2n)
    writeTree(procRoot, {
      diskstats: DISKSTATS.replace('1048576 4500', '1048584 4750').replace(
        '2097152 30000 2 20000',
        '2097154 31000 0 20500',
      ),
    })
    const grown = (await runner.tick()).deltas.filter(({ labels }) => labels?.device === 'sda')
    expect(Object.fromEntries(grown.map(({ metric, growth }) => [metric, growth]))).toMatchObject({
      node_disk_reads_completed_total: 0n,
      node_disk_read_bytes_total: 4_096n,
      node_disk_read_time_seconds_total: 0.25,
      node_disk_written_bytes_total: 1_024n,
      node_disk_write_time_seconds_total: 1,
      node_disk_io_time_seconds_total: 0.5,
    })
  })

  it('of this machine count what is really written', async () => {
    const disks = parseDiskStats(execFileSync('cat', ['/proc/diskstats'], { encoding: 'utf8' }))
    expect(disks.length).toBeGreaterThan(0)
    for (const { device } of disks) expect(existsSync(`/sys/block/${device.replace('/', '!')}`)).toBe(true)
    const partitions = readdirSync('/sys/class/block').filter(name => existsSync(`/sys/class/block/${name}/partition`))
    expect(disks.filter(({ device }) => partitions.includes(device))).toEqual([])
    const source = createDiskSource({ procRoot: '/proc', clock: systemClock })
    const written = async (): Promise<bigint> =>
      ((await readNow(source)).counters?.items ?? [])
        .filter(({ metric }) => metric === 'node_disk_written_bytes_total')
        .reduce((sum, { total }) => sum + total, 0n)
    const before = await written()
    // On the disk of the sources: what is temporary may lie in memory.
    const directory = join(process.cwd(), 'node_modules', '.cache')
    mkdirSync(directory, { recursive: true })
    const path = join(directory, `disk-test-${process.pid}`)
    const file = openSync(path, 'w')
    writeSync(file, Buffer.alloc(1_048_576, 7))
    fsyncSync(file)
    closeSync(file)
    rmSync(path)
    expect((await written()) - before).toBeGreaterThanOrEqual(1_048_576n)
  })
})

const MDSTAT = `Personalities : [raid1] [raid6] [raid5] [raid4] [raid0]
md0 : active raid1 sdb1[1] sda1[0]
      1048512 blocks super 1.2 [2/2] [UU]
      bitmap: 0/1 pages [0KB], 65536KB chunk

md1 : active raid5 sdd1[3] sdc1[1](F) sdb2[0] sde1[4](S)
      2096128 blocks super 1.2 level 5, 512k chunk, algorithm 2 [3/2] [U_U]
      [==>..................]  recovery = 12.6% (132096/1048064) finish=0.5min speed=26419K/sec

md2 : active raid0 sdf1[1] sdg1[0]
      4192256 blocks super 1.2 512k chunks

md3 : inactive sdh1[0](S)
      1048576 blocks super 1.2

md127 : active (auto-read-only) raid1 sdj1[1] sdi1[0]
      1000 blocks super 1.2 [2/2] [UU]
      	resync=PENDING

unused devices: <none>
`

describe('arrays', () => {
  it('are told with their state, their disks and how far they are', () => {
    expect(
      parseMdStat(MDSTAT).map(array => [
        ...[array.device, array.state, array.disksRequired, array.disksActive, array.disksFailed, array.disksSpare],
        ...[array.blocks, array.blocksSynced],
      ]),
    ).toEqual([
      ['md0', 'active', 2, 2, 0, 0, 1_048_512, 1_048_512],
      ['md1', 'recovering', 3, 2, 1, 1, 2_096_128, 132_096],
      ['md2', 'active', 2, 2, 0, 0, 4_192_256, 4_192_256],
      ['md3', 'inactive', 1, 0, 0, 1, 1_048_576, 1_048_576],
      ['md127', 'resync', 2, 2, 0, 0, 1_000, 0],
    ])
    expect(() => parseMdStat('md0 : sleeping raid1\n')).toThrow('md0')
  })

  it('carry the names that node_exporter has for them', () => {
    const [, degraded] = parseMdStat(MDSTAT)
    const told = mdGauges(
      degraded ??
        parseMdStat('')[0] ?? {
          device: '',
          state: 'active',
          disksRequired: 0,
          disksActive: 0,
          disksFailed: 0,
          disksSpare: 0,
          blocks: 0,
          blocksSynced: 0,
        },
    )
    expect(told.find(({ labels }) => labels?.state === 'recovering')?.value).toBe(1)
    expect(told.find(({ labels, metric }) => metric === 'node_md_disks' && labels?.state === 'failed')?.value).toBe(1)
    expect(new Set(told.map(({ labels }) => labels?.device))).toEqual(new Set(['md1']))
  })

  it('are not offered where the kernel has none', async () => {
    const procRoot = scratchDirectory()
    const read = () => createMdRaidSource({ procRoot }).read(new AbortController().signal)
    expect(await read()).toBe('not-offered')
    writeTree(procRoot, { mdstat: 'Personalities : \nunused devices: <none>\n' })
    expect(await read()).toBe('not-offered')
    writeTree(procRoot, { mdstat: MDSTAT })
    expect(await read()).not.toBe('not-offered')
  })
})
