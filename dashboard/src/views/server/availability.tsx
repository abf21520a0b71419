import type { ServerView } from '../../../../protocol/server-views.ts'
import { formatDuration } from '../../format/age.ts'
import { formatPercent, formatUptime } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { HistoryStrip } from '../../ui/history-strip.tsx'
import { Panel } from '../../ui/panel.tsx'

/** Uptime with the share of the window that was really watched, and the last 24 hours as a strip. */
export function Availability({ view }: { view: ServerView }) {
  const { availability, history } = view
  const words = language.value
  const wholeMs = availability.to - availability.from
  const observedRatio = wholeMs > 0 ? 1 - availability.unobservedMs / wholeMs : 0
  return (
    <Panel
      title={t('availability.title')}
      aside={<span class="faint">{t('availability.window', { length: formatDuration(wholeMs, words) })}</span>}
    >
      <div class="availability">
        <dl class="availability-figures">
          <div>
            <dt>{t('availability.uptime')}</dt>
            <dd>
              {availability.uptimeRatio === null ? t('value.none') : formatUptime(availability.uptimeRatio, words)}
            </dd>
          </div>
          <div>
            <dt>{t('availability.observed')}</dt>
            <dd>{formatPercent(Math.floor(observedRatio * 1000) / 1000, words, observedRatio < 1 ? 1 : 0)}</dd>
          </div>
          <div>
            <dt>{t('availability.outage')}</dt>
            <dd>{formatDuration(availability.outageMs, words)}</dd>
          </div>
          <div>
            <dt>{t('availability.unobserved')}</dt>
            <dd>{formatDuration(availability.unobservedMs, words)}</dd>
          </div>
        </dl>
        {history.length > 0 && <HistoryStrip history={history} />}
      </div>
    </Panel>
  )
}
