// All samples that are not in blocks yet, by window. A window that is being flushed is frozen: still asked, no longer added to.
import { type ChunkPool, createChunkPool } from './chunk-pool.ts'
import { createHeadWindow, type HeadWindow } from './head-window.ts'
import { startOf, WINDOW_MS } from './windows.ts'

export type Head = {
  /** The window that takes samples of this instant; made where there is none. `segment`, `since`: see there. */
  windowFor(at: number, segment: number, since: number): HeadWindow
  /** The frozen window and the one that takes samples, whichever there are, in the order of their samples' coming. */
  at(from: number): readonly HeadWindow[]
  /** Those that take samples. */
  live(): HeadWindow[]
  frozen(): HeadWindow | null
  /** Freezes a window; one at a time. */
  freeze(window: HeadWindow): void
  /** The frozen one is in blocks now. */
  dropFrozen(): void
  /** Lets go of a window without flushing it. */
  discard(window: HeadWindow): void
  sampleCount(): number
  /** What grows with the samples. */
  memoryBytes(): number
  pool: ChunkPool
}

const NONE: readonly HeadWindow[] = []

export function createHead(): Head {
  const pool = createChunkPool()
  const windows = new Map<number, HeadWindow>()
  let frozen: HeadWindow | null = null
  let recent: HeadWindow | null = null

  const all = () => (frozen === null ? [...windows.values()] : [frozen, ...windows.values()])

  return {
    pool,
    windowFor(at, segment, since) {
      if (recent !== null && at >= recent.from && at < recent.from + WINDOW_MS) return recent
      const from = startOf(at, WINDOW_MS)
      let window = windows.get(from)
      if (window === undefined) {
        window = createHeadWindow(pool, { from, segment, since })
        windows.set(from, window)
      }
      recent = window
      return window
    },
    at(from) {
      const live = windows.get(from)
      if (frozen?.from === from) return live === undefined ? [frozen] : [frozen, live]
      return live === undefined ? NONE : [live]
    },
    live: () => [...windows.values()],
    frozen: () => frozen,
    freeze(window) {
      windows.delete(window.from)
      recent = null
      frozen = window
    },
    dropFrozen() {
      frozen?.drop()
      frozen = null
    },
    discard(window) {
      windows.delete(window.from)
      recent = null
      window.drop()
    },
    sampleCount: () => all().reduce((total, window) => total + window.sampleCount(), 0),
    memoryBytes() {
      let total = pool.usedBytes() + (frozen?.memoryBytes() ?? 0)
      for (const window of windows.values()) total += window.memoryBytes()
      return total
    },
  }
}
