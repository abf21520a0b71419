import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFilesystemSource, type FilesystemStatus } from '../../../../agent/sources/host/filesystem.ts'
import { decodeOctal, mayHang, parseMounts, seenFromOutside } from '../../../../agent/sources/host/mounts.ts'
import type { Gauge } from '../../../../agent/sources/source.ts'
import { readNow } from '../../support/read-now.ts'
import { requireRoot } from '../../support/require-root.ts'
import { scratchDirectory, writeTree } from '../../support/scratch.ts'

const SERVER = `sysfs /sys sysfs rw,nosuid 0 0
proc /proc proc rw 0 0
udev /dev devtmpfs rw 0 0
tmpfs /run tmpfs rw,nosuid 0 0
tmpfs /run/user/1000 tmpfs rw 0 0
tmpfs /dev/shm tmpfs rw 0 0
rootfs / rootfs rw 0 0
/dev/mapper/vg-root / ext4 rw,relatime 0 0
/dev/loop3 /snap/core/1 squashfs ro 0 0
overlay /var/lib/docker/overlay2/ab/merged overlay rw 0 0
/dev/sdb1 /srv/data\\040OPD\\011x\\134y ext4 ro,noatime 0 0
tmpfs /srv/small tmpfs rw,size=4m 0 0
/dev/sdc1 /backup xfs rw 0 0
/dev/sdd1 /backup xfs ro 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw 0 0
nas.local:/vol /mnt/nas nfs4 rw,vers=4.2 0 0
/dev/sde1 /run/media/ani/USB vfat rw 0 0
broken line
`

const SIZE: FilesystemStatus = { bsize: 4096n, blocks: 100n, bfree: 40n, bavail: 30n, files: 10n, ffree: 5n }

const figureOf = (gauges: Gauge[], name: string, mountpoint: string): number | undefined => {
  const found = gauges.find(g => g.metric === `node_filesystem_${name}` && g.labels?.mountpoint === mountpoint)
  return found === undefined ? undefined : Number(found.value)
}

function recordedMounts(text: string): string {
  const root = scratchDirectory()
  writeTree(root, { 'self/mounts': text })
  return root
}

describe('inside the sandbox of systemd', () => {
  const seen = parseMounts('/dev/a / ext4 ro 0 0\n/dev/b /srv ext4 ro 0 0\n/dev/c /backup ext4 ro 0 0\n')
  const readonlyOf = (mountinfo: string) =>
    seenFromOutside(seen, mountinfo).map(({ mountpoint, readonly }) => `${mountpoint} ${readonly}`)
  const others =
    '2 1 8:2 / /srv ro shared:2 - ext4 /dev/b rw\n3 1 8:3 / /backup ro master:1 - ext4 /dev/c ro,errors=x\n'

  it('a mount is read-only only when the filesystem itself is', () => {
    expect(readonlyOf(`1 0 8:1 / / ro - ext4 /dev/a rw\n${others}`)).toEqual(['/ false', '/srv false', '/backup true'])
  })

  it('a machine whose root is really read-only is believed as it is', () => {
    const expected = ['/ true', '/srv true', '/backup true']
    expect(readonlyOf(`1 0 8:1 / / ro - ext4 /dev/a ro\n${others}`)).toEqual(expected)
    expect(readonlyOf('')).toEqual(expected)
  })
})

describe('which mounts are measured', () => {
  it('are the places that people fill: disks, their own tmpfs, remote ones; of two on one place the last', () => {
    expect(parseMounts(SERVER).map(({ device, mountpoint }) => `${device} ${mountpoint}`)).toEqual([
      '/dev/mapper/vg-root /',
      '/dev/sdb1 /srv/data OPD\tx\\y',
      'tmpfs /srv/small',
      '/dev/sdd1 /backup',
      'nas.local:/vol /mnt/nas',
      '/dev/sde1 /run/media/ani/USB',
    ])
    expect(parseMounts(SERVER).find(mount => mount.mountpoint === '/backup')?.readonly).toBe(true)
  })

  it('include the root of a container, which is an overlay', () => {
    expect(parseMounts('overlay / overlay rw,lowerdir=/a 0 0\n')).toHaveLength(1)
  })

  it('knows which of them can hang', () => {
    expect(
      parseMounts(SERVER)
        .filter(mayHang)
        .map(mount => mount.mountpoint),
    ).toEqual(['/mnt/nas'])
  })

  it('decodes only what the kernel encodes', () => {
    expect(decodeOctal('a\\040b')).toBe('a b')
    expect(decodeOctal('a\\9b\\04')).toBe('a\\9b\\04')
  })
})

describe('figures of filesystems', () => {
  it('are bytes and inodes, with the label of the place as people write it', async () => {
    const procRoot = recordedMounts(SERVER)
    const source = createFilesystemSource({ procRoot, mountDeadlineMs: 100, statfs: async () => SIZE })
    const { gauges } = await readNow(source)
    const place = '/srv/data OPD\tx\\y'
    expect(figureOf(gauges, 'size_bytes', place)).toBe(409_600)
    expect(figureOf(gauges, 'avail_bytes', place)).toBe(122_880)
    expect(figureOf(gauges, 'files_free', place)).toBe(5)
    expect(figureOf(gauges, 'readonly', place)).toBe(1)
    expect(figureOf(gauges, 'device_error', place)).toBe(0)
  })

  it('leaves out what has no size, and tells of a place that gives an error nothing but the error', async () => {
    const procRoot = recordedMounts('a /a fuse.gvfsd rw 0 0\nb /b ext4 rw 0 0\n')
    const source = createFilesystemSource({
      procRoot,
      mountDeadlineMs: 100,
      async statfs(path) {
        if (path === '/b') throw new Error('EIO')
        return { ...SIZE, blocks: 0n }
      },
    })
    const { gauges } = await readNow(source)
    expect(gauges.map(gauge => [gauge.metric, gauge.labels?.mountpoint])).toEqual([
      ['node_filesystem_device_error', '/b'],
    ])
  })

  it('is held up by no dead server, and never lets more than two of them hang', async () => {
    const remote = [1, 2, 3, 4].map(n => `nas:/v${n} /mnt/v${n} nfs4 rw 0 0`)
    const procRoot = recordedMounts([...remote, '/dev/sda1 / ext4 rw 0 0', ''].join('\n'))
    const asked: string[] = []
    const release: (() => void)[] = []
    const source = createFilesystemSource({
      procRoot,
      mountDeadlineMs: 20,
      statfs(path) {
        asked.push(path)
        if (path === '/') return Promise.resolve(SIZE)
        return new Promise(resolve => release.push(() => resolve(SIZE)))
      },
    })
    for (let round = 0; round < 3; round += 1) {
      const { gauges } = await readNow(source)
      expect(figureOf(gauges, 'size_bytes', '/')).toBe(409_600)
      for (const n of [1, 2, 3, 4]) {
        expect(figureOf(gauges, 'device_error', `/mnt/v${n}`)).toBe(1)
        expect(figureOf(gauges, 'size_bytes', `/mnt/v${n}`)).toBeUndefined()
      }
    }
    expect(asked).toEqual(['/', '/mnt/v1', '/mnt/v2', '/', '/'])
    expect(source.hanging()).toEqual(['/mnt/v1', '/mnt/v2'])

    for (const free of release.splice(0)) free()
    await new Promise(resolve => setImmediate(resolve))
    expect(source.hanging()).toEqual([])
    await readNow(source)
    expect(asked.slice(-3)).toEqual(['/', '/mnt/v1', '/mnt/v2'])
  })

  it('of this machine are what the kernel says', async () => {
    const { gauges } = await readNow(createFilesystemSource({ procRoot: '/proc', mountDeadlineMs: 1_000 }))
    const { bsize, blocks } = statfsSync('/')
    expect(figureOf(gauges, 'size_bytes', '/')).toBe(bsize * blocks)
  })

  it('see a real tmpfs on a place with a blank in its name, and how full it is', async () => {
    requireRoot()
    const place = join(scratchDirectory(), 'arsip kota')
    mkdirSync(place)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place])
    onTestFinished(() => void execFileSync('umount', [place]))
    execFileSync('dd', ['if=/dev/zero', `of=${join(place, 'x')}`, 'bs=1024', 'count=512'], { stdio: 'ignore' })
    const { gauges } = await readNow(createFilesystemSource({ procRoot: '/proc', mountDeadlineMs: 1_000 }))
    expect(figureOf(gauges, 'size_bytes', place)).toBe(1_048_576)
    expect(figureOf(gauges, 'avail_bytes', place)).toBe(524_288)
  })
})
