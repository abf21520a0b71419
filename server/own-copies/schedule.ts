// Copies that the collector makes by itself, at the hours of its configuration.
import { isAbsolute } from 'node:path'
import { Cron } from 'croner'
import { z } from 'zod'

export const copySchedule = z.strictObject({
  /** The folder that copies go into. */
  to: z.string().refine(isAbsolute, 'must be an absolute path'),
  /** Five fields of cron, by the city's clock. */
  at: z
    .string()
    .default('0 2 * * *')
    .superRefine((expression, context) => {
      const problem = problemOf(expression)
      if (problem !== null) context.addIssue(problem)
    }),
  /** So many copies stay. */
  keep: z.int().min(1).max(1_000).default(7),
})
export type CopySchedule = z.infer<typeof copySchedule>

function problemOf(expression: string): string | null {
  try {
    const next = new Cron(expression, { mode: '5-part', paused: true }).nextRun()
    return next === null ? 'names no moment to come' : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** One that fell due while the collector was off is made a while after its start. `copy` must not reject. */
export function keepSchedule(deps: {
  schedule: CopySchedule
  timeZone: string
  /** When the newest copy was begun; null when there is none. */
  newestAt: number | null
  now: () => number
  copy: () => Promise<void>
  afterStartMs?: number | undefined
}): { stop(): void } {
  const { schedule, timeZone, newestAt, now, copy, afterStartMs = 60_000 } = deps
  const cron = new Cron(schedule.at, { timezone: timeZone, mode: '5-part', protect: true, unref: true }, copy)
  const [due] = cron.previousRuns(1, new Date(now()))
  const isMissed = newestAt === null || (due !== undefined && newestAt < due.getTime())
  const timer = isMissed ? setTimeout(copy, afterStartMs).unref() : undefined
  return {
    stop() {
      cron.stop()
      clearTimeout(timer)
    },
  }
}
