import type { ServerView } from '../../../../protocol/server-views.ts'
import { formatDuration } from '../../format/age.ts'
import { formatBytes, formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Panel } from '../../ui/panel.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import '../../ui/facts.css'

type Agent = NonNullable<ServerView['agent']>

/** How the watcher itself is doing: its clock, its spool, and which of its sources fail. */
export function AgentBlock({ agent }: { agent: Agent }) {
  const words = language.value
  const failing = agent.sources.filter(source => source.state === 'failing')
  return (
    <Panel title={t('agent.title')}>
      <dl class="fact-list">
        <div>
          <dt>{t('agent.version')}</dt>
          <dd>
            {agent.version}
            {agent.revoked && <strong class="tone-down"> {t('agent.revoked')}</strong>}
          </dd>
        </div>
        <div>
          <dt>{t('agent.contact')}</dt>
          <dd>
            <Age at={agent.lastContactAt} />
          </dd>
        </div>
        <div>
          <dt>{t('agent.skew')}</dt>
          <dd>{agent.skewMs === null ? '–' : skewText(agent.skewMs)}</dd>
        </div>
        <div>
          <dt>{t('agent.spool')}</dt>
          <dd>
            {agent.spool.bytes === null ? '–' : formatBytes(agent.spool.bytes, words)}
            {agent.spool.secondsLeft !== null &&
              `, ${t('agent.lasts', { length: formatDuration(agent.spool.secondsLeft * 1_000, words) })}`}
          </dd>
        </div>
        <div>
          <dt>{t('agent.dropped')}</dt>
          <dd class={(agent.spool.droppedBatches ?? 0) > 0 ? 'tone-down' : ''}>
            {agent.spool.droppedBatches === null ? '–' : formatNumber(agent.spool.droppedBatches, words, 0)}
          </dd>
        </div>
        <div>
          <dt>{t('agent.sources')}</dt>
          <dd>
            {agent.sources.length === 0 && '–'}
            <ul class="sources">
              {agent.sources.map(source => (
                <li key={source.name} class={source.state === 'failing' ? 'state tone-down' : 'state tone-neutral'}>
                  <StateMark state={source.state === 'failing' ? 'down' : 'up'} />
                  {source.name}
                </li>
              ))}
            </ul>
            {failing.length > 0 && <strong>{t('agent.failing', { n: failing.length })}</strong>}
          </dd>
        </div>
        <div>
          <dt>{t('agent.enrolled')}</dt>
          <dd>
            <Time at={agent.enrolledAt} />
          </dd>
        </div>
      </dl>
    </Panel>
  )
}

function skewText(skewMs: number): string {
  const size = Math.abs(skewMs)
  const text = size < 1_000 ? `${formatNumber(size, language.value, 0)} ms` : formatDuration(size, language.value)
  if (size < 1) return text
  return t(skewMs > 0 ? 'agent.skew.behind' : 'agent.skew.ahead', { length: text })
}
