// When the next word of a job is due. Pure.
import { Cron } from 'croner'
import type { BackupSchedule } from '../../protocol/backup-views.ts'

/** UTC ms, without the grace; null when the expression names no further moment. */
export function nextRunAfter(schedule: BackupSchedule, at: number): number | null {
  if (schedule.kind === 'period') return at + schedule.periodMs
  return cronOf(schedule).nextRun(new Date(at))?.getTime() ?? null
}

/** What is wrong with a schedule, in one sentence; null when it can be kept. */
export function problemOfSchedule(schedule: BackupSchedule, at: number): string | null {
  if (schedule.kind === 'period') return null
  try {
    return nextRunAfter(schedule, at) === null ? 'the expression names no moment to come' : null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const kept = new Map<string, Cron>()

/** Reading an expression costs more than asking it: the same few are asked each minute. */
function cronOf({ expression, timeZone }: BackupSchedule & { kind: 'cron' }): Cron {
  const key = `${timeZone} ${expression}`
  const known = kept.get(key)
  if (known !== undefined) return known
  // Paused: it is asked only, and never runs anything.
  const cron = new Cron(expression, { timezone: timeZone, mode: '5-part', paused: true })
  if (kept.size >= 1_000) kept.clear()
  kept.set(key, cron)
  return cron
}
