import { formatDuration } from '../format/age.ts'
import { formatPercent, formatUptime } from '../format/number.ts'
import { language, t } from '../i18n/translate.ts'
import { Facts } from './facts.tsx'

/** What a window was made of, in a line. */
export function AvailabilityFigures({
  figures,
}: {
  figures: { uptimeRatio: number | null; serviceMs: number; outageMs: number; plannedMs: number; unobservedMs: number }
}) {
  const words = language.value
  const observed = figures.serviceMs === 0 ? 0 : 1 - figures.unobservedMs / figures.serviceMs
  const shown: [string, string][] = [
    [
      t('availability.uptime'),
      figures.uptimeRatio === null ? t('value.none') : formatUptime(figures.uptimeRatio, words),
    ],
    [t('availability.observed'), formatPercent(Math.floor(observed * 1000) / 1000, words, observed < 1 ? 1 : 0)],
    [t('availability.outage'), formatDuration(figures.outageMs, words)],
    [t('availability.planned'), formatDuration(figures.plannedMs, words)],
    [t('availability.unobserved'), formatDuration(figures.unobservedMs, words)],
  ]
  return <Facts kind="figures" facts={shown} />
}
