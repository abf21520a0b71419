// When a job is due and where its copies stand, as a form has them (texts) and as the collector wants them.
import type { BackupJobView, BackupSchedule } from '../../../../protocol/backup-views.ts'
import { COPY_PLACES, type CopyPlace } from '../../../../protocol/backup-words.ts'
import type { Language } from '../../../../protocol/vocabulary.ts'
import { formatDuration } from '../../format/age.ts'
import { formatNumber } from '../../format/number.ts'
import { language as shown, t, translate } from '../../i18n/translate.ts'

const HOUR_MS = 3_600_000

export type Rhythm = {
  title: string
  place: CopyPlace
  siteId: string
  kind: 'none' | 'period' | 'cron'
  hours: string
  expression: string
  graceHours: string
}

export function rhythmOf(job: BackupJobView | null): Rhythm {
  const schedule = job?.schedule ?? null
  return {
    ...{ title: job?.title ?? '', place: job?.place ?? 'data-centre', siteId: job?.site?.id ?? '' },
    // A day suits most jobs; one that only reports what it sees needs none.
    kind: job === null || (job.schedule === null && job.state === 'waiting') ? 'period' : (schedule?.kind ?? 'none'),
    hours: schedule?.kind === 'period' ? String(schedule.periodMs / HOUR_MS) : '24',
    expression: schedule?.kind === 'cron' ? schedule.expression : '15 1 * * *',
    graceHours: String((job?.graceMs ?? HOUR_MS) / HOUR_MS),
  }
}

export function scheduleOf(rhythm: Rhythm, timeZone: string): BackupSchedule | null {
  if (rhythm.kind === 'none') return null
  if (rhythm.kind === 'cron') return { kind: 'cron', expression: rhythm.expression.trim(), timeZone }
  return { kind: 'period', periodMs: Math.round(hoursOf(rhythm.hours) * HOUR_MS) }
}

/** The body of the calls that place a job. */
export function placed(rhythm: Rhythm) {
  return {
    ...{ title: rhythm.title.trim(), place: rhythm.place, siteId: rhythm.siteId === '' ? null : rhythm.siteId },
    graceMs: Math.round(hoursOf(rhythm.graceHours) * HOUR_MS),
  }
}

export function placeNamed(value: string): CopyPlace {
  return COPY_PLACES.find(place => place === value) ?? 'data-centre'
}

/** "every 24 h" or the cron line with its zone. */
export function scheduleText(schedule: BackupSchedule | null, language: Language): string {
  if (schedule === null) return translate(language, 'jobs.no-schedule')
  if (schedule.kind === 'cron') return `${schedule.expression} (${schedule.timeZone})`
  return translate(language, 'jobs.every', { period: formatDuration(schedule.periodMs, language) })
}

/** Indonesian writes 1,5. */
function hoursOf(text: string): number {
  return Number(text.replace(',', '.'))
}

/** Limits are set in hours and shown so. */
export function formatHours(hours: number): string {
  return `${formatNumber(hours, shown.value, 1)} ${t('unit.hours', { n: hours })}`
}
