import { useEffect } from 'preact/hooks'
import type { IncidentSummary, IncidentView } from '../../../../protocol/incident-views.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatValue } from '../../format/value.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { wall } from '../../live/live-state.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Skeleton } from '../../ui/button.tsx'
import { CutOff, MeasuredValue } from '../../ui/incident-card.tsx'
import { IncidentSubject, partOf } from '../../ui/incident-subject.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { IncidentStateLabel, SeverityLabel, StateMark } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import { IncidentActions } from './incident-actions.tsx'
import './incident.css'

/** One incident: what happened, who knows of it, who answers for it. */
export function IncidentScreen({ id }: { id: string }) {
  const incident = useResource(id, signal => call('incident', { params: { id }, signal }))
  const { reload } = incident
  const live = wall.value?.incidents.find(one => one.id === id)
  useTitle(incident.data === null ? t('incident.title') : `#${incident.data.incident.number}`)
  useEffect(() => {
    // Its line on the wall changed or went away: the record has something new.
    void live
    reload()
  }, [live, reload])
  if (incident.data === null)
    return (
      <div class="page">
        <ErrorNotice error={incident.error} onRetry={reload} />
        {incident.loading && <Skeleton rows={5} />}
      </div>
    )
  const { data } = incident
  return (
    <div class="page">
      <Head incident={data.incident} />
      <ErrorNotice error={incident.error} onRetry={reload} />
      <div class="incident-columns">
        {/* First in reading order: on a phone what one can do stands above what happened. */}
        <div class="incident-side">
          <IncidentActions view={data} onView={incident.set} />
        </div>
        <div class="incident-main">
          <Timeline view={data} />
          <Notices notices={data.notices} />
        </div>
      </div>
    </div>
  )
}

function Head({ incident }: { incident: IncidentSummary }) {
  return (
    <header class={`incident-head incident incident-${incident.state} severity-${incident.severity}`}>
      <p class="incident-top">
        <span class="soft">
          {t(`kind.${incident.kind}`)} #{incident.number}
        </span>
        <SeverityLabel severity={incident.severity} />
        <IncidentStateLabel state={incident.state} />
      </p>
      <h1>{pick(incident.title)}</h1>
      <p class="incident-subject">
        <IncidentSubject incident={incident} />
        {partOf(incident) !== '' && <code>{partOf(incident)}</code>}
        <CutOff incident={incident} />
      </p>
      <dl class="incident-facts">
        <div>
          <dt>{t('incidents.value')}</dt>
          <dd>
            <MeasuredValue {...incident} />
          </dd>
        </div>
        <div>
          <dt>{t('incidents.opened')}</dt>
          <dd>
            <Age at={incident.openedAt} />{' '}
            <span class="faint">
              <Time at={incident.openedAt} />
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('incident.rule')}</dt>
          <dd>
            <code>{incident.ruleId}</code>
          </dd>
        </div>
        {incident.acknowledgedAt !== null && (
          <div>
            <dt>{t('incident.state.acknowledged')}</dt>
            <dd>
              {incident.acknowledgedBy}{' '}
              <span class="faint">
                <Time at={incident.acknowledgedAt} />
              </span>
            </dd>
          </div>
        )}
        {incident.resolvedAt !== null && (
          <div>
            <dt>{t('incident.state.resolved')}</dt>
            <dd>
              <Time at={incident.resolvedAt} />
            </dd>
          </div>
        )}
      </dl>
    </header>
  )
}

const TIMELINE_SHAPE = {
  opened: 'down',
  acknowledged: 'maintenance',
  note: 'unknown',
  severity: 'degraded',
  resolved: 'up',
} as const

function Timeline({ view }: { view: IncidentView }) {
  const { unit } = view.incident
  return (
    <Panel title={t('incident.timeline')}>
      <ol class="timeline">
        {[...view.timeline]
          .sort((a, b) => b.at - a.at)
          .map((entry, index) => (
            <li key={`${entry.at}/${index}`}>
              {entry.kind === 'note' ? <span class="timeline-dot" /> : <StateMark state={TIMELINE_SHAPE[entry.kind]} />}
              <div>
                <p class="timeline-line">
                  <strong>{t(`timeline.${entry.kind}`)}</strong>
                  {entry.by !== null && <span>{entry.by}</span>}
                  {entry.value !== null && <span>{formatValue(entry.value, unit, language.value)}</span>}
                  <span class="faint">
                    <Time at={entry.at} />
                  </span>
                  {entry.evidenceId !== null && (
                    <Link to={pathOf({ screen: 'evidence', id: entry.evidenceId })}>{t('incident.evidence')}</Link>
                  )}
                </p>
                {entry.note !== null && <p class="timeline-note">{entry.note}</p>}
              </div>
            </li>
          ))}
      </ol>
    </Panel>
  )
}

function Notices({ notices }: { notices: IncidentView['notices'] }) {
  return (
    <Panel title={t('incident.notices')}>
      {notices.length === 0 ? (
        <EmptyState title={t('incident.notices.empty')}>
          <p>{t('incident.notices.empty.text')}</p>
        </EmptyState>
      ) : (
        <Table
          label={t('incident.notices')}
          rows={notices}
          rowKey={notice => notice.id}
          columns={[
            { label: t('notice.channel'), kind: 'head', cell: notice => notice.channel },
            { label: t('notice.event'), cell: notice => t(`timeline.${notice.event}`) },
            {
              label: t('notice.state'),
              cell: notice => (
                <span>
                  <DeliveryLabel state={notice.state} />
                  {notice.error !== null && <span class="source">{notice.error}</span>}
                </span>
              ),
            },
            { label: t('notice.attempts'), kind: 'number', cell: notice => notice.attempts },
            { label: t('notice.at'), cell: notice => <Time at={notice.at} style="day-minute" /> },
          ]}
        />
      )}
    </Panel>
  )
}

const DELIVERY_SHAPE = { pending: 'unknown', sent: 'up', failed: 'down', dropped: 'degraded' } as const

export function DeliveryLabel({ state }: { state: keyof typeof DELIVERY_SHAPE }) {
  return (
    <span class={`state tone-${DELIVERY_SHAPE[state]}`}>
      <StateMark state={DELIVERY_SHAPE[state]} />
      {t(`delivery.${state}`)}
    </span>
  )
}

/** The evidence stands with the verdict of the rule on the server; an old incident's verdict may have moved on. */
