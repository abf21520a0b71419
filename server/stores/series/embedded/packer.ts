// Who makes sheets for the engine: this thread, or one beside it (packer-thread.ts).
import type { DamageList } from './damage.ts'
import { createSheetMaker, type MadeSheet } from './make-sheets.ts'
import type { SheetJob } from './sheet-jobs.ts'

export type SheetTask = {
  /**
   * The next sheet, whose bytes are good until the one after it; 'later' while another thread works on it, unless this is to wait for
   * it in a `hurry`. Throws what stopped the job, a StorageError.
   */
  next(hurry: boolean): MadeSheet | 'later' | 'end'
  /** Whether `next` has something to tell. */
  isReady(): boolean
  /** Nobody asks any more. */
  drop(): void
}

export type Packer = { start(job: SheetJob): SheetTask }

export function createPackerHere({ damage }: { damage: DamageList }): Packer {
  const makeSheets = createSheetMaker(damage)
  return {
    start(job) {
      const sheets = makeSheets(job)
      return {
        next() {
          const { done, value } = sheets.next()
          return done === true ? 'end' : value
        },
        isReady: () => true,
        drop: () => void sheets.return(undefined),
      }
    },
  }
}
