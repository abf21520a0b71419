import type { ComponentChildren } from 'preact'
import type { DutyDetailView } from '../../../../protocol/duty-views.ts'
import { CONDITIONS } from '../../../../protocol/duty-words.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatCitation, formatDay } from '../../format/citation.ts'
import { measureName, roleName } from '../../format/names.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SeverityLabel } from '../../ui/state-mark.tsx'
import { DutyHistory } from './duty-history.tsx'
import { DutyParameters } from './duty-parameters.tsx'
import { DutyStand, totalOf } from './duty-stand.tsx'
import { DutySubjects } from './duty-subjects.tsx'
import { TryParameter } from './try-parameter.tsx'
import '../../ui/facts.css'
import './duties.css'

/** One duty: what the text says, who owes it, on whom it is judged and why it stands so, and what its numbers are. */
export function DutyScreen({ id }: { id: string }) {
  const detail = useRefreshed(id, signal => call('duty', { params: { rule: id }, signal }), dutiesChange)
  const { data } = detail
  useTitle(data === null ? t('duties.title') : pick(data.duty.title))
  return (
    <div class="page">
      <p>
        <Link to={pathOf({ screen: 'duties' })}>{t('duties.title')}</Link>
      </p>
      <ErrorNotice error={detail.error} onRetry={detail.reload} />
      {data === null && detail.loading && <Skeleton rows={6} />}
      {data !== null && (
        <>
          <Head detail={data} />
          <Panel title={t('duties.subjects')} aside={<Unmeasured detail={data} />}>
            <DutySubjects subjects={data.subjects} miss={data.duty.miss} />
          </Panel>
          <Text detail={data} />
          <Panel title={t('duty.parameters')}>
            <DutyParameters parameters={data.parameters} />
            {data.parameters.length > 0 && (
              <TryParameter duty={data} canSet={may('rules:write')} onSet={next => detail.set(next)} />
            )}
          </Panel>
          <Panel title={t('duty.history')}>
            <DutyHistory history={data.history} miss={data.duty.miss} />
          </Panel>
        </>
      )}
    </div>
  )
}

function Head({ detail: { duty } }: { detail: DutyDetailView }) {
  return (
    <div class="duty-head">
      <h1>{pick(duty.title)}</h1>
      <p class="duty-line">
        <DutyStand verdict={duty.worst} miss={duty.miss} />
        <span>{formatCitation(duty.citation)}</span>
        <code>{duty.packId}</code>
        <span>{t(`duty.modal.${duty.modal}`)}</span>
        <span class="soft">{t(`duty.if-missed.${duty.miss}`)}</span>
      </p>
      {duty.scope === 'related' && <p class="faint">{t('duty.related')}</p>}
    </div>
  )
}

/** How much of it nobody measured is said here too, also when it is nothing. */
function Unmeasured({ detail: { duty } }: { detail: DutyDetailView }) {
  const all = totalOf(duty.counts)
  return <span class="soft">{t('duty.counted', { unmeasured: duty.counts.unmeasured, n: all })}</span>
}

function Text({ detail }: { detail: DutyDetailView }) {
  const { duty, select } = detail
  const narrowed = [...select.roles, ...(select.agencies === 'all' ? [] : [select.agencies])]
  return (
    <dl class="fact-list">
      <Fact name={t('duty.owed-by')}>{t(`duty.party.${duty.owedBy}`)}</Fact>
      <Fact name={t('duty.theme')}>{t(`duty.theme.${duty.theme}`)}</Fact>
      <Fact name={t('duty.judged-on')}>
        {t(`duty.subject.${duty.subjectKind}`)}
        {narrowed.length > 0 && (
          <span class="faint"> ({narrowed.map(one => roleName(one, language.value)).join(', ')})</span>
        )}
      </Fact>
      <Fact name={t('duty.measure')}>
        <span title={duty.measure}>{measureName(duty.measure, language.value)}</span>{' '}
        <span class="faint">{t(`duty.from.${duty.judgedFrom}`)}</span>
      </Fact>
      {duty.miss !== 'option' && (
        <Fact name={t('duty.severity')}>
          <SeverityLabel severity={duty.severity} />
        </Fact>
      )}
      <Fact name={t('duty.evidence')}>{detail.evidenceAsked.map(one => t(`duty.evidence.${one}`)).join(', ')}</Fact>
      {detail.conditions.length > 0 && (
        <Fact name={t('duty.conditions')}>{detail.conditions.map(conditionText).join('; ')}</Fact>
      )}
      {detail.targetDate !== null && (
        <Fact name={t('duty.target-date')}>
          {detail.targetDate.value === null
            ? t('duty.target-date.unset')
            : formatDay(detail.targetDate.value, language.value)}
        </Fact>
      )}
      <Fact name={t('duty.allowed-exemptions')}>
        {detail.allowedExemptions.length === 0
          ? t('duty.allowed-exemptions.none')
          : detail.allowedExemptions.map(one => (
              <span key={one.id} class="duty-exemption">
                {pick(one.title)}{' '}
                <span class="faint">
                  ({formatCitation(one.citation)}, <code>{one.id}</code>)
                </span>
              </span>
            ))}
      </Fact>
      {detail.note !== null && <Fact name={t('duty.note')}>{pick(detail.note)}</Fact>}
    </dl>
  )
}

function conditionText(slug: string): string {
  const known = CONDITIONS.find(one => one === slug)
  return known === undefined ? slug : t(`duty.condition.${known}`)
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
