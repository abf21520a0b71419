// When to look at what: the jobs of the file, each in its own rhythm, spread over the first minute. No clock in here.
import type { PlannedCheck, PlannedJob } from './plan.ts'

/** A look, or a check that is made rarely. */
export type DueWork = { job: PlannedJob; check?: PlannedCheck }

export type JobBook = {
  /** Takes a new plan. A job that stays as it was keeps its rhythm. */
  take(jobs: readonly PlannedJob[], nowMs: number): void
  /** What is due and not under way. `nowMs` is monotonic, `wall` the machine's own clock. */
  due(nowMs: number, wall: Date): DueWork[]
  begin(work: DueWork): void
  done(work: DueWork, nowMs: number): void
  size(): number
}

type Entry = {
  job: PlannedJob
  looksAtMs: number
  isLooking: boolean
  hasLooked: boolean
  /** By purpose. */
  checking: Set<string>
  notBeforeMs: Map<string, number>
}

const SPREAD_MS = 60_000
const APART_MS = 2_000
/** The next plan says when a check is due again; should there be none, no sooner than this. */
const CHECK_AGAIN_MS = 3_600_000

export function createJobBook({ firstAfterMs }: { firstAfterMs: number }): JobBook {
  let entries = new Map<string, Entry>()
  const keyOf = ({ dataset, name }: PlannedJob): string => `${dataset}/${name}`
  const rhythmOf = ({ tool, everyMs, problem }: PlannedJob): string => `${tool} ${everyMs} ${problem}`

  return {
    take(jobs, nowMs) {
      const apartMs = Math.min(APART_MS, SPREAD_MS / Math.max(1, jobs.length))
      const next = new Map<string, Entry>()
      for (const [index, job] of jobs.entries()) {
        const firstMs = nowMs + firstAfterMs + index * apartMs
        const before = entries.get(keyOf(job))
        const entry = before ?? {
          isLooking: false,
          hasLooked: false,
          checking: new Set<string>(),
          notBeforeMs: new Map(),
        }
        const stays = before !== undefined && rhythmOf(before.job) === rhythmOf(job)
        next.set(keyOf(job), { ...entry, job, looksAtMs: stays ? before.looksAtMs : firstMs })
      }
      entries = next
    },
    due(nowMs, wall) {
      return [...entries.values()].flatMap(
        ({ job, looksAtMs, isLooking, hasLooked, checking, notBeforeMs }): DueWork[] => {
          if (isLooking) return []
          if (nowMs >= looksAtMs) return [{ job }]
          if (!hasLooked) return []
          return job.checks
            .filter(({ purpose, dueAt, between }) => {
              const mayAgain = nowMs >= (notBeforeMs.get(purpose) ?? 0) && !checking.has(purpose)
              return mayAgain && wall.getTime() >= dueAt && mayBegin(between, wall)
            })
            .map(check => ({ job, check }))
        },
      )
    },
    begin({ job, check }) {
      const entry = entries.get(keyOf(job))
      if (entry === undefined) return
      if (check === undefined) entry.isLooking = true
      else entry.checking.add(check.purpose)
    },
    done({ job, check }, nowMs) {
      const entry = entries.get(keyOf(job))
      if (entry === undefined) return
      if (check !== undefined) {
        entry.checking.delete(check.purpose)
        entry.notBeforeMs.set(check.purpose, nowMs + CHECK_AGAIN_MS)
        return
      }
      entry.isLooking = false
      entry.hasLooked = true
      // In its own rhythm, also after a look that took longer than that.
      while (entry.looksAtMs <= nowMs) entry.looksAtMs += entry.job.everyMs
    },
    size: () => entries.size,
  }
}

/** `between` are minutes after midnight; the second may be the smaller one, then midnight lies between. */
export function mayBegin(between: [number, number] | null, wall: Date): boolean {
  if (between === null) return true
  const minute = wall.getHours() * 60 + wall.getMinutes()
  const [from, until] = between
  return from <= until ? minute >= from && minute < until : minute >= from || minute < until
}
