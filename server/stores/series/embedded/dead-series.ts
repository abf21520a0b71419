// Names of series that have no sample left, neither of their own nor in a tier: looked for when files were deleted, and dropped.
import type { BlockFiles } from './block-files.ts'
import type { BlockReader } from './block-reader.ts'
import type { Head } from './head.ts'
import type { LastTable } from './last-table.ts'
import type { Ledger } from './ledger.ts'

export type DeadSeries = {
  /** To be called when files were deleted. */
  lookAgain(): void
  /** What is being looked at may stand elsewhere now. */
  beginAnew(): void
  isDue(): boolean
  /** Looks at some sheets; the last step drops the names, once `mayDrop` says so. Throws StorageError. */
  step(): void
}

export function createDeadSeries(deps: {
  ledger: Ledger
  last: LastTable
  head: Head
  /** Of samples and of each tier, and how long a span is in them. */
  kinds: readonly { files: BlockFiles; spanMs: number }[]
  reader: BlockReader
  /** Whether no sample is on its way into the head. */
  mayDrop: () => boolean
}): DeadSeries {
  const { ledger, last, head, kinds, reader, mayDrop } = deps
  let search: Generator<void> | null = null
  let isFound = false

  /** Nothing that is shown can be older than this. */
  function oldestFrom(): number {
    const heads = [...head.live(), head.frozen()].flatMap(window => window?.from ?? [])
    const ofFiles = kinds.flatMap(({ files }) => files.periods()[0]?.from ?? [])
    return Math.max(Math.min(...heads, ...ofFiles), ledger.horizons().all)
  }

  /** Series whose newest sample is older than all that is shown. Of some the newest is not known: they never had one, or it was lost. */
  function candidates(): Set<number> {
    const oldest = oldestFrom()
    return new Set(ledger.ids().filter(id => last.at(id) < oldest))
  }

  function* shownSheets() {
    for (const { files, spanMs } of kinds) {
      for (const file of files.all()) {
        for (const span of file.spans()) {
          if (span + spanMs <= ledger.horizons().all) continue
          for (const sheet of file.sheets(span)) yield { file, sheet }
        }
      }
    }
  }

  function* look(): Generator<void> {
    const found = candidates()
    if ([...found].some(id => last.at(id) < 0)) {
      for (const { file, sheet } of shownSheets()) {
        for (const id of reader.index(file, sheet)?.ids ?? []) found.delete(id)
        yield
      }
    }
    isFound = true
    while (!mayDrop()) yield
    const still = candidates()
    const dead = [...found].filter(id => still.has(id))
    if (dead.length > 0) ledger.dropNames(dead)
  }

  function lookAgain(): void {
    isFound = false
    search = look()
  }

  return {
    lookAgain,
    beginAnew() {
      if (search !== null) lookAgain()
    },
    isDue: () => search !== null && (!isFound || mayDrop()),
    step() {
      const running = search
      try {
        if (running?.next().done === true && search === running) search = null
      } catch (error) {
        search = null
        throw error
      }
    },
  }
}
