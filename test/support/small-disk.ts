// A disk of a few megabytes that a test may fill: a tmpfs.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SmallDisk = { directory: string; remove(): void }

export function mountSmallDisk(megabytes: number): SmallDisk {
  if (process.getuid?.() !== 0) {
    throw new Error('this test mounts a small tmpfs and needs root: run "sudo npm test", or run it in a container')
  }
  const directory = mkdtempSync(join(tmpdir(), 'pantau-small-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory])
  return {
    directory,
    remove() {
      execFileSync('umount', ['--lazy', directory])
      rmdirSync(directory)
    },
  }
}
