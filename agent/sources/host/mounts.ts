export type Mount = { device: string; mountpoint: string; fstype: string; readonly: boolean }

/** Filesystems of the kernel itself, and images that are full by design; node_exporter leaves out the same. */
const PSEUDO_TYPES = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs erofs fusectl hugetlbfs iso9660 ' +
    'mqueue nsfs overlay proc procfs pstore ramfs rootfs rpc_pipefs securityfs selinuxfs squashfs sysfs tracefs fuse.lxcfs'
  ).split(' '),
)
/** Trees of the kernel and of container engines, in which nothing mounted is a place that people fill. */
const HIDDEN_TREES =
  /^\/(dev|proc|sys|snap|run\/(credentials|user|docker|containerd|netns|snapd)|var\/lib\/(docker|containerd|containers\/storage|kubelet\/pods|snapd))(\/|$)/

/** A dead server makes statfs on these hang for ever. */
const REMOTE_TYPE =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|ceph|glusterfs|lustre|gpfs|afs|ncpfs|ocfs2|gfs2|beegfs|virtiofs|fuse.*)$/

export function mayHang(mount: Mount): boolean {
  return REMOTE_TYPE.test(mount.fstype)
}

/** Blanks, tabs, newlines and backslashes stand as octal escapes in /proc/mounts (getmntent(3)). */
export function decodeOctal(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** Whether people keep data there. A tmpfs counts unless it is one of the system's own. */
export function isMeasured({ mountpoint, fstype }: Mount): boolean {
  // In a container the root is an overlay, and it is the one filesystem that can fill up.
  if (mountpoint === '/' && fstype === 'overlay') return true
  if (PSEUDO_TYPES.has(fstype) || HIDDEN_TREES.test(mountpoint)) return false
  return fstype !== 'tmpfs' || !/^\/run(\/|$)/.test(mountpoint)
}

/** Mounts to measure, from proc_pid_mounts(5). Of several on one mountpoint only the last can be seen. */
export function parseMounts(text: string): Mount[] {
  const byMountpoint = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [device, mountpoint, fstype, options] = line.split(' ')
    if (device === undefined || mountpoint === undefined || fstype === undefined || options === undefined) continue
    const mount: Mount = {
      device: decodeOctal(device),
      mountpoint: decodeOctal(mountpoint),
      fstype: decodeOctal(fstype),
      readonly: options.split(',').includes('ro'),
    }
    byMountpoint.set(mount.mountpoint, mount)
  }
  return [...byMountpoint.values()].filter(isMeasured)
}

/**
 * The mounts with `readonly` as the machine has it. The sandbox of systemd (ProtectSystem=strict) shows the agent every
 * mount read-only, the root too; then the filesystem's own flag in proc_pid_mountinfo(5) tells what holds for the others.
 */
export function seenFromOutside(mounts: readonly Mount[], mountinfo: string): Mount[] {
  const readonlyThemselves = new Set<string>()
  const all = new Set<string>()
  for (const line of mountinfo.split('\n')) {
    const [mine = '', own = ''] = line.split(' - ')
    const mountpoint = mine.split(' ')[4]
    if (mountpoint === undefined) continue
    all.add(decodeOctal(mountpoint))
    if (own.split(' ')[2]?.split(',').includes('ro')) readonlyThemselves.add(decodeOctal(mountpoint))
    else readonlyThemselves.delete(decodeOctal(mountpoint))
  }
  const root = mounts.find(mount => mount.mountpoint === '/')
  const inSandbox = root?.readonly === true && all.has('/') && !readonlyThemselves.has('/')
  if (!inSandbox) return [...mounts]
  return mounts.map(mount => ({ ...mount, readonly: readonlyThemselves.has(mount.mountpoint) }))
}
