import { t } from '../i18n/translate.ts'
import './simulated.css'

/** Stands wherever a recording is shown as if it were a device, so that nobody takes it for one. */
export function SimulatedMark({ size = 'whole' }: { size?: 'whole' | 'short' }) {
  return (
    <span class="simulated" title={t('simulated.text')}>
      {t(size === 'short' ? 'simulated.short' : 'simulated.mark')}
    </span>
  )
}
