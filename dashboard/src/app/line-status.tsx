import { useComputed } from '@preact/signals'
import { formatAge } from '../format/age.ts'
import { formatTime, zoneName } from '../format/time.ts'
import { language, t } from '../i18n/translate.ts'
import { line } from '../live/live-state.ts'
import { now } from './clock.ts'
import { timeZone } from './session.ts'

/** The place's time by the collector's clock, with the zone that people call it by. */
export function Clock() {
  const text = useComputed(() => formatTime(now.value, timeZone.value, language.value, 'clock'))
  const date = useComputed(() => formatTime(now.value, timeZone.value, language.value, 'date'))
  const zone = useComputed(() => zoneName(timeZone.value, now.value, language.value))
  return (
    <div class="clock">
      <span class="clock-time">{text}</span>
      <span class="clock-side">
        <span class="clock-zone">{zone}</span>
        <span class="clock-date">{date}</span>
      </span>
    </div>
  )
}

/** The lamp of the live line: shape and word beside the colour. */
export function Lamp() {
  const { state } = line.value
  return (
    <span class={`lamp lamp-${state}`} role="status">
      <svg class="lamp-light" viewBox="0 0 16 16" aria-hidden="true">
        {state === 'live' && <circle cx="8" cy="8" r="6" fill="currentColor" />}
        {state === 'connecting' && <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" />}
        {state === 'lost' && (
          <path d="M3 3l10 10M13 3 3 13" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
        )}
      </svg>
      <span class="lamp-word">{t(`line.${state}`)}</span>
    </span>
  )
}

/** Says loudly that the picture is old. It goes when a snapshot has healed the picture. */
export function LostBanner() {
  const { state, since } = line.value
  return (
    <div role="alert" class="banner-place">
      {state === 'lost' && (
        <div class="banner">
          <strong>{t('line.lost.since', { time: formatTime(since, timeZone.value, language.value, 'clock') })}</strong>
          {/* The count stands outside the alert's reading: nobody wants it read out each second. */}
          <LostFor since={since} />
          <span>{t('line.lost.explain')}</span>
        </div>
      )}
    </div>
  )
}

function LostFor({ since }: { since: number }) {
  const text = useComputed(() => {
    void now.value
    return formatAge(Date.now() - since, language.value)
  })
  return (
    <span class="banner-age" aria-hidden="true">
      {text}
    </span>
  )
}
