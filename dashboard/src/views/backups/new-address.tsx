import { t } from '../../i18n/translate.ts'
import { CopyText } from '../../ui/copy-text.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import type { MadePing } from './job-forms.tsx'
import { cronLines } from './job-lines.ts'

/** The address of a job that pings, shown this once, with the lines that use it. */
export function NewAddress({ made, onClose }: { made: MadePing; onClose: () => void }) {
  const url = new URL(made.url, window.location.origin).href
  return (
    <SecretOnce title={t('jobs.ping.made', { name: made.job.title || made.job.name })} secret={url} onClose={onClose}>
      <CopyText label={t('jobs.lines.cron')} text={cronLines(url)} />
      <p class="soft">{t('jobs.ping.how')}</p>
    </SecretOnce>
  )
}
