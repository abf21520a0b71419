// Moves windows from the head into blocks, a sheet at a time, so that appends and queries go on between them.
import type { Flush } from './block-file.ts'
import type { BlockFiles } from './block-files.ts'
import type { Head } from './head.ts'
import type { HeadWindow } from './head-window.ts'
import type { Packer, SheetTask } from './packer.ts'
import { WINDOW_MS } from './windows.ts'

/** So long after its end a window may still get samples that are only a little late. */
export const GRACE_MS = 10 * 60_000
/** Samples of a window that is in blocks already wait so long for others: each flush adds blocks to it, and reading gets slower. */
const LATE_GRACE_MS = 60 * 60_000

export type Flusher = {
  /** Whether there is something to do: a window is being flushed or is due. `pressure`: as many bytes as possible should go. */
  isDue(at: number, pressure: boolean): boolean
  /** Whether a window is on its way. */
  isRunning(): boolean
  /**
   * One sheet; the last step of a window leaves the disk to its work, and a step after that has it done, or, `hurry`, waits for it.
   * Throws StorageError when the disk refuses: everything stays in the head and the log, and is tried again.
   */
  step(at: number, pressure: boolean, hurry?: boolean): void
}

export function createFlusher(deps: {
  head: Head
  files: BlockFiles
  packer: Packer
  /** Number of the log record that comes next. */
  nextNumber: () => number
  onFlushed: (window: number) => void
}): Flusher {
  const { head, files, packer } = deps
  let running: { window: HeadWindow; flush: Flush; task: SheetTask | null } | null = null

  /** Over, or holding late samples for long enough; oldest first. */
  function overdue(at: number): HeadWindow | null {
    const due = head.live().filter(({ from, since }) => {
      if (from + WINDOW_MS + GRACE_MS > at) return false
      const isFirst = (files.at(from)?.cutOf(from) ?? 0) === 0
      return since + (isFirst ? GRACE_MS : LATE_GRACE_MS) <= at
    })
    return due.reduce<HeadWindow | null>((a, b) => (a === null || b.from < a.from ? b : a), null)
  }

  function largest(): HeadWindow | null {
    return head
      .live()
      .reduce<HeadWindow | null>((a, b) => (a === null || b.sampleCount() > a.sampleCount() ? b : a), null)
  }

  function begin(window: HeadWindow): NonNullable<typeof running> {
    const file = files.for(window.from)
    if (head.frozen() !== window) head.freeze(window)
    // Every record so far is in the frozen window; what comes from now on goes to a new one.
    const cut = cuts.get(window) ?? deps.nextNumber()
    cuts.set(window, cut)
    const task = packer.start({ kind: 'window', samples: window.samples() })
    return { window, flush: file.begin(window.from, cut), task }
  }
  const cuts = new WeakMap<HeadWindow, number>()

  return {
    isDue: (at, pressure) =>
      running !== null
        ? !running.flush.isSyncing() && running.task?.isReady() !== false
        : head.frozen() !== null || overdue(at) !== null || (pressure && largest() !== null),

    isRunning: () => running !== null,

    step(at, pressure, hurry = false) {
      const window = running?.window ?? head.frozen() ?? overdue(at) ?? (pressure ? largest() : null)
      if (window === null) return
      running ??= begin(window)
      const { flush, task } = running
      try {
        if (task !== null) {
          const made = task.next(hurry)
          if (made === 'later') return
          if (made !== 'end') {
            flush.put(made.sheet)
            return
          }
          running.task = null
        }
        if (hurry) flush.finish()
        else if (!flush.finishBeside()) return
      } catch (error) {
        task?.drop()
        flush.abandon()
        running = null
        throw error
      }
      running = null
      head.dropFrozen()
      deps.onFlushed(window.from)
    },
  }
}
