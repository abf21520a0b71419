import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Gauge, Source } from '../source.ts'
import { type Mount, mayHang, parseMounts, seenFromOutside } from './mounts.ts'
import { readText } from './read-text.ts'

/** The fields of statfs(2) that are used; sizes in blocks of `bsize` bytes. */
export type FilesystemStatus = {
  bsize: bigint
  blocks: bigint
  bfree: bigint
  bavail: bigint
  files: bigint
  ffree: bigint
}

/**
 * Each statfs that hangs holds one of the four threads on which all file work of the process runs. Two may be lost to
 * dead mounts; after that, mounts that could hang are not asked until one of the lost returns.
 */
const MOST_HANGING = 2

const LONGEST_LABEL = 1_024

/** The gauges of one mount. Without a status (it did not answer) only the error is told: no data is no figure. */
export function filesystemGauges(mount: Mount, status: FilesystemStatus | undefined): Gauge[] {
  const { device, mountpoint, fstype } = mount
  const labels = { device, mountpoint, fstype }
  const gauge = (name: string, value: number | bigint): Gauge => ({ metric: `node_filesystem_${name}`, labels, value })
  if (status === undefined) return [gauge('device_error', 1)]
  // Some FUSE and kernel filesystems have no size at all; df leaves them out too.
  if (status.blocks === 0n) return []
  return [
    gauge('device_error', 0),
    gauge('readonly', mount.readonly ? 1 : 0),
    gauge('size_bytes', status.blocks * status.bsize),
    gauge('free_bytes', status.bfree * status.bsize),
    gauge('avail_bytes', status.bavail * status.bsize),
    gauge('files', status.files),
    gauge('files_free', status.ffree),
  ]
}

/** Of what stands in /proc/self/mounts; each mount has its own deadline and is not asked again while it hangs. */
export function createFilesystemSource(deps: {
  procRoot: string
  mountDeadlineMs: number
  statfs?: (path: string) => Promise<FilesystemStatus>
  /** For those that may hang: asks elsewhere than in our own threads, and has a deadline of its own. */
  askRemote?: (path: string) => Promise<FilesystemStatus>
}): Source & Required<Pick<Source, 'hanging'>> {
  const ask = deps.statfs ?? ((path: string) => statfs(path, { bigint: true }))
  const hanging = new Set<string>()

  const statusInTime = async (mount: Mount): Promise<FilesystemStatus | undefined> => {
    const { mountpoint } = mount
    if (deps.askRemote !== undefined && mayHang(mount)) return await deps.askRemote(mountpoint).catch(() => undefined)
    if (hanging.has(mountpoint) || (mayHang(mount) && hanging.size >= MOST_HANGING)) return undefined
    hanging.add(mountpoint)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), deps.mountDeadlineMs)
    })
    const answer = ask(mountpoint)
      .catch(() => undefined)
      .finally(() => hanging.delete(mountpoint))
    try {
      return await Promise.race([answer, late])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    name: 'filesystem',
    async read() {
      const own = join(deps.procRoot, 'self')
      const mountinfo = await readText(join(own, 'mountinfo')).catch(() => '')
      const mounts = seenFromOutside(parseMounts(await readText(join(own, 'mounts'))), mountinfo).filter(
        mount => mount.mountpoint.length <= LONGEST_LABEL && mount.device.length <= LONGEST_LABEL,
      )
      const gauges: Gauge[] = []
      // Those elsewhere at once: a deadline that several of them miss is then waited for once.
      const [local, remote] = [mounts.filter(mount => !mayHang(mount)), mounts.filter(mayHang)]
      const asked = deps.askRemote === undefined ? [] : remote.map(statusInTime)
      // Ours one after another, and the harmless ones first: so at most one more hangs than hung before.
      for (const mount of local) gauges.push(...filesystemGauges(mount, await statusInTime(mount)))
      for (const [index, mount] of remote.entries()) {
        gauges.push(...filesystemGauges(mount, await (asked[index] ?? statusInTime(mount))))
      }
      return { gauges }
    },
    hanging: () => [...hanging],
  }
}
