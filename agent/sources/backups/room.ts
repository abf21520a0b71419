// A restore test must never fill a disk that the machine lives on.
import { statfs } from 'node:fs/promises'
import type { Trouble } from './program-trouble.ts'
import { freeBytes } from './scratch.ts'

/** Of the whole disk, left free. */
const KEPT_RATIO = 0.05
const MEGABYTE = 1024 ** 2

/** Trouble where so many bytes, and a tenth more, don't fit; undefined where they do. */
export async function roomFor(bytes: number, scratch: string): Promise<Trouble | undefined> {
  const { blocks, bsize } = await statfs(scratch)
  const usable = (await freeBytes(scratch)) - blocks * bsize * KEPT_RATIO
  if (bytes * 1.1 <= usable) return undefined
  const [needed, free] = [bytes * 1.1, Math.max(0, usable)].map(one => (one / MEGABYTE).toFixed(1))
  return { trouble: 'disk-full', detail: `a restore needs ${needed} MiB of scratch, ${free} may be used of ${scratch}` }
}
