// What the tests of the series stores share: a clock that a test pushes, folders of their own, a small full-able disk.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SeriesEntry, SeriesKey } from '../../../server/stores/series/series-store.ts'

/** A Wednesday in the middle of ISO week 2026-W47. */
export const WEDNESDAY = Date.UTC(2026, 10, 18, 10, 0, 0)
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export type PushedClock = { now: () => number; set: (at: number) => void; push: (ms: number) => void }

export function pushedClock(start = WEDNESDAY): PushedClock {
  let at = start
  return {
    now: () => at,
    set: value => {
      at = value
    },
    push: ms => {
      at += ms
    },
  }
}

export function seriesKey(change: Partial<SeriesKey> = {}): SeriesKey {
  return {
    subjectId: '01938f6e-0000-7000-8000-000000000001',
    metric: 'cpu_busy_ratio',
    labels: {},
    agentId: '01938f6e-0000-7000-8000-00000000000a',
    ...change,
  }
}

export function entry(samples: [number, number][], change: Partial<SeriesKey> = {}): SeriesEntry {
  return { key: seriesKey(change), samples }
}

export function temporaryDirectory(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pantau-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A real file system of its own that a test can fill to the brim. Needs root; says so otherwise. */
export function smallDisk(sizeKiB: number): { path: string; remove: () => void } {
  if (process.getuid?.() !== 0) {
    throw new Error('this test mounts a small tmpfs to fill it: run the tests as root (for example in a container)')
  }
  const { path, remove } = temporaryDirectory()
  const mountPoint = join(path, 'disk')
  mkdirSync(mountPoint)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', mountPoint])
  return {
    path: mountPoint,
    remove: () => {
      execFileSync('umount', ['--lazy', mountPoint])
      remove()
    },
  }
}
