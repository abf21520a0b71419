// What the engine does by itself, a slice at a time between appends and queries: flush, roll up, let go, shorten the log, put
// together.
import { existsSync, statSync } from 'node:fs'
import { storageError } from '../../durable/sqlite.ts'
import type { StorageError } from '../../durable/storage-error.ts'
import type { BlockFiles } from './block-files.ts'
import type { DeadSeries } from './dead-series.ts'
import type { SeriesRetention } from './engine-calls.ts'
import type { Flusher } from './flusher.ts'
import type { Head } from './head.ts'
import { writeLastFile } from './last-file.ts'
import type { LastTable } from './last-table.ts'
import type { Ledger } from './ledger.ts'
import type { Rollup } from './rollup.ts'
import type { SeriesLog } from './series-log.ts'
import type { TierFiles } from './tier-files.ts'
import type { Together } from './together.ts'
import { LEVELS, WINDOW_MS } from './windows.ts'

/** From this part of the limit on windows are flushed although they are still open. */
const PRESSURE = 0.5
/** After a refusal of the disk. */
const TRY_AGAIN_MS = 1_000

export type Upkeep = {
  /**
   * One slice; whether there is more to do. Never throws: `failure` tells. `at`: the collector's clock. `spare`: whether there is
   * time for what can wait, too.
   */
  work(at: number, spare?: boolean): boolean
  /** Flushes until the head is under its limit. Throws StorageError when that cannot be done. */
  makeRoom(at: number): void
  /** Flushes everything and rolls up what is due. Throws StorageError. */
  settle(at: number): void
  setHorizon(at: number): void
  retain(now: number): void
  failure(): StorageError | null
  /** Nothing is deleted until the answered function is called. */
  hold(): () => void
}

export function createUpkeep(deps: {
  directory: string
  lastPath: string
  memoryLimitBytes: number
  retention: SeriesRetention
  head: Head
  log: SeriesLog
  /** The first log segment with something that the head has not taken yet. */
  untakenFrom: () => number
  last: LastTable
  ledger: Ledger
  raw: BlockFiles
  tiers: TierFiles
  flusher: Flusher
  rollup: Rollup
  dead: DeadSeries
  together: Together
}): Upkeep {
  const { head, log, last, ledger, raw, tiers, flusher, rollup, dead, together, memoryLimitBytes, retention } = deps
  let failure: StorageError | null = null
  let retryAt = 0
  let held = 0
  let now = 0

  const isPressed = () => head.memoryBytes() > memoryLimitBytes * PRESSURE

  /** Deletes log segments that nothing in the head needs any more. */
  function shortenLog(): void {
    const windows = [...head.live(), ...[head.frozen()].filter(window => window !== null)]
    const needed = windows.reduce(
      (least, { segment }) => Math.min(least, segment),
      Math.min(log.segment(), deps.untakenFrom()),
    )
    if (held > 0 || !log.hasBefore(needed)) return
    // The table of newest samples must know all that the log will no longer tell.
    writeLastFile(deps.lastPath, last)
    log.dropBefore(needed)
  }

  function removeOld(): void {
    if (held > 0) return
    const { raw: rawFrom, all } = ledger.horizons()
    const removed = [
      raw.removeUntil(all),
      raw.removeUntil(rawFrom, ({ from, to }) => rollup.isDone(from, to)),
      ...LEVELS.map(level => {
        const keepMs = retention[`${level}Ms`]
        return tiers.files(level).removeUntil(Math.max(all, keepMs === null ? 0 : now - keepMs))
      }),
    ]
    if (removed.includes(true)) dead.lookAgain()
  }

  function step(at: number, spare: boolean): void {
    const pressed = isPressed()
    if (flusher.isDue(at, pressed)) {
      flusher.step(at, pressed)
      if (head.frozen() === null) {
        shortenLog()
        removeOld()
      }
    } else if (spare && !flusher.isRunning() && rollup.isDue(at)) {
      rollup.step(at)
      removeOld()
    } else if (spare && held === 0 && dead.isDue()) dead.step()
    else if (spare && mayPutTogether() && together.isDue(at)) together.step()
  }

  /** Whether nobody else reads from files by places in them. */
  const mayPutTogether = () => held === 0 && !flusher.isRunning() && !rollup.isRunning()

  return {
    failure: () => failure,
    hold() {
      held++
      let isHeld = true
      return () => {
        if (isHeld) held--
        isHeld = false
      }
    },

    work(at, spare = true) {
      now = Math.max(now, at)
      if (at < retryAt) return false
      try {
        step(at, spare)
        failure = null
      } catch (error) {
        failure = storageError(error, deps.directory)
        retryAt = at + TRY_AGAIN_MS
        return false
      }
      if (flusher.isDue(at, isPressed())) return true
      return (
        spare &&
        ((!flusher.isRunning() && rollup.isDue(at)) ||
          (held === 0 && dead.isDue()) ||
          (mayPutTogether() && together.isDue(at)))
      )
    },

    makeRoom(at) {
      while (head.memoryBytes() > memoryLimitBytes) {
        flusher.step(at, true, true)
        if (head.frozen() === null) shortenLog()
      }
    },

    settle(at) {
      while (head.frozen() !== null || head.live().length > 0) flusher.step(at, true, true)
      shortenLog()
      while (rollup.isDue(at)) rollup.step(at, true)
      removeOld()
      while (held === 0 && dead.isDue()) dead.step()
      while (mayPutTogether() && together.isDue(at)) together.step(true)
    },

    setHorizon(at) {
      const { raw: rawFrom, all } = ledger.horizons()
      if (at > all) ledger.setHorizons({ raw: Math.max(rawFrom, at), all: at })
      for (const window of head.live()) if (window.from + WINDOW_MS <= ledger.horizons().all) head.discard(window)
      removeOld()
    },

    retain(at) {
      now = Math.max(now, at)
      const { raw: rawFrom, all } = ledger.horizons()
      const wanted = retention.rawMs === null ? 0 : Math.max(0, at - retention.rawMs)
      if (wanted > rawFrom) ledger.setHorizons({ raw: wanted, all })
      removeOld()
    },
  }
}

export function fileBytes(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}
