import { useComputed } from '@preact/signals'
import { now } from '../app/clock.ts'
import { timeZone } from '../app/session.ts'
import { formatAge } from '../format/age.ts'
import { formatTime, type TimeStyle } from '../format/time.ts'
import { language, t } from '../i18n/translate.ts'

/** How long ago, ticking each second. Only its text node changes, so 500 of them cost little. */
export function Age({ at }: { at: number | null }) {
  return at === null ? <span>{t('common.never')}</span> : <LiveAge key={at} at={at} />
}

function LiveAge({ at }: { at: number }) {
  const text = useComputed(() => formatAge(now.value - at, language.value))
  return <span>{text}</span>
}

/** An instant in the place's zone, machine-readable too. */
export function Time({ at, style = 'full' }: { at: number; style?: TimeStyle }) {
  return (
    <time dateTime={new Date(at).toISOString()} class="time">
      {formatTime(at, timeZone.value, language.value, style)}
    </time>
  )
}
