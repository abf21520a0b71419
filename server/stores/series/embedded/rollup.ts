// Fills the tiers: the minutes of a day when it is over and flushed, the coarser ones of a week when all its days are. Late
// samples make their series in that day wrong; those are rolled up again, and until then questions go to the samples.
import type { Flush } from './block-file.ts'
import type { BlockFiles } from './block-files.ts'
import type { Head } from './head.ts'
import type { Packer, SheetTask } from './packer.ts'
import { type SpanSheets, WEEKLY } from './sheet-jobs.ts'
import type { TierFiles } from './tier-files.ts'
import { DAY_MS, type Level, startOf, WEEK_MS, WINDOW_MS } from './windows.ts'

/** Late samples wait so long for more of their kind before their day is rolled up again. */
const AGAIN_AFTER_MS = 30 * 60_000

type Job = { task: SheetTask | null; flushes: ReadonlyMap<'samples' | Level, Flush> }

export type Rollup = {
  isDue(at: number): boolean
  /** Whether a day or a week is on its way: files that it reads must stay what they are. */
  isRunning(): boolean
  /** One sheet; `hurry` as for the flusher. Throws StorageError when the disk refuses: it is tried again from the beginning. */
  step(at: number, hurry?: boolean): void
  /** Days whose samples changed. */
  noteFlushed(window: number): void
  /** Whether the tiers have all of the samples in [from, to). */
  isDone(from: number, to: number): boolean
}

export function createRollup(deps: {
  head: Head
  tiers: TierFiles
  raw: BlockFiles
  packer: Packer
  /** Days that have samples on disk. */
  days: readonly number[]
}): Rollup {
  const { head, tiers, raw, packer } = deps
  /** Days and weeks that may be behind, and when they were last rolled up. */
  const pending = new Set(deps.days)
  const doneAt = new Map<string, number>()
  let job: Job | null = null

  const dayCut = (day: number) => tiers.rawCut(day, day + DAY_MS)

  function isQuiet(from: number, to: number): boolean {
    return ![...head.live(), head.frozen()].some(window => window !== null && window.from >= from && window.from < to)
  }

  function mayAgain(name: string, at: number): boolean {
    const before = doneAt.get(name)
    return before === undefined || before + AGAIN_AFTER_MS <= at
  }

  function daysOf(week: number): number[] {
    return Array.from({ length: 7 }, (_, day) => week + day * DAY_MS)
  }

  /** As they are now: what is flushed later is rolled up later. */
  function sheetsOf(files: BlockFiles, spans: readonly number[]): SpanSheets[] {
    return spans.flatMap(span => {
      const file = files.at(span)
      const sheets = file?.sheets(span) ?? []
      return file === null || sheets.length === 0 ? [] : [{ path: file.path, span, sheets: [...sheets] }]
    })
  }

  function beginDay(day: number, at: number): Job | null {
    const cut = dayCut(day)
    const done = tiers.cutOf('minute', day)
    if (cut <= done || !mayAgain(`day ${day}`, at) || !isQuiet(day, day + DAY_MS)) return null
    doneAt.set(`day ${day}`, at)
    const flush = tiers.files('minute').for(day).begin(day, cut)
    const windows = sheetsOf(raw, raw.spansBetween(day, day + DAY_MS))
    const ids = tiers.changedSince(done, day, day + DAY_MS)
    return { task: packer.start({ kind: 'day', day, ids, windows }), flushes: new Map([['minute', flush]]) }
  }

  function beginWeek(week: number, at: number): Job | null {
    const days = daysOf(week)
    const cut = tiers.rawCut(week, week + WEEK_MS)
    const done = Math.min(...WEEKLY.map(level => tiers.cutOf(level, week)))
    if (cut <= done || !mayAgain(`week ${week}`, at)) return null
    if (days.some(day => dayCut(day) > tiers.cutOf('minute', day))) return null
    doneAt.set(`week ${week}`, at)
    const flushes = new Map(WEEKLY.map(level => [level, tiers.files(level).for(week).begin(week, cut)]))
    const ids = tiers.changedSince(done, week, week + WEEK_MS)
    const minutes = sheetsOf(tiers.files('minute'), days)
    return { task: packer.start({ kind: 'week', week, ids, days: minutes }), flushes }
  }

  function begin(at: number): Job | null {
    for (const day of [...pending].sort((a, b) => a - b)) {
      if (day + DAY_MS + 2 * WINDOW_MS > at) continue
      const found = beginDay(day, at)
      if (found !== null) return found
    }
    for (const week of new Set([...pending].map(day => startOf(day, WEEK_MS)))) {
      if (week + WEEK_MS + 2 * WINDOW_MS > at) continue
      const found = beginWeek(week, at)
      if (found !== null) return found
      if (tiers.rawCut(week, week + WEEK_MS) <= Math.min(...WEEKLY.map(level => tiers.cutOf(level, week)))) {
        for (const day of daysOf(week)) pending.delete(day)
      }
    }
    return null
  }

  let nothingUntil = 0

  return {
    isDone(from, to) {
      for (let day = from; day < to; day += DAY_MS) {
        if (dayCut(day) > tiers.cutOf('minute', day) || !isQuiet(day, day + DAY_MS)) return false
      }
      for (let week = from; week < to; week += WEEK_MS) {
        const cut = tiers.rawCut(week, week + WEEK_MS)
        if (WEEKLY.some(level => tiers.cutOf(level, week) < cut)) return false
      }
      return true
    },
    noteFlushed(window) {
      pending.add(startOf(window, DAY_MS))
      nothingUntil = 0
    },
    isRunning: () => job !== null,
    isDue(at) {
      if (job !== null) return job.task?.isReady() ?? ![...job.flushes.values()].some(flush => flush.isSyncing())
      if (at < nothingUntil) return false
      job = begin(at)
      if (job === null) nothingUntil = at + 60_000
      return job !== null
    },
    step(at, hurry = false) {
      job ??= begin(at)
      if (job === null) return
      const { flushes, task } = job
      try {
        if (task !== null) {
          const made = task.next(hurry)
          if (made === 'later') return
          if (made !== 'end') {
            flushes.get(made.into)?.put(made.sheet)
            return
          }
          job.task = null
        }
        if (hurry) for (const flush of flushes.values()) flush.finish()
        // Each is asked, so that all of them begin at once.
        else if ([...flushes.values()].filter(flush => !flush.finishBeside()).length > 0) return
        job = null
      } catch (error) {
        task?.drop()
        for (const flush of flushes.values()) flush.abandon()
        job = null
        throw error
      }
    },
  }
}
