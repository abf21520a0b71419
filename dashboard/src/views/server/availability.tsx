import type { ServerView } from '../../../../protocol/server-views.ts'
import { formatDuration } from '../../format/age.ts'
import { language, t } from '../../i18n/translate.ts'
import { AvailabilityFigures } from '../../ui/availability-figures.tsx'
import { HistoryStrip } from '../../ui/history-strip.tsx'
import { Panel } from '../../ui/panel.tsx'

/** Uptime with the share of the window that was really watched, and the last 24 hours as a strip. */
export function Availability({ view }: { view: ServerView }) {
  const { availability, history } = view
  const words = language.value
  const wholeMs = availability.to - availability.from
  return (
    <Panel
      title={t('availability.title')}
      aside={<span class="faint">{t('availability.window', { length: formatDuration(wholeMs, words) })}</span>}
    >
      <div class="card">
        <AvailabilityFigures figures={availability} />
        {history.length > 0 && <HistoryStrip history={history} />}
      </div>
    </Panel>
  )
}
