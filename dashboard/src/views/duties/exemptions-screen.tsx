import type { ExemptionView } from '../../../../protocol/duty-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatCitation, formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { DutiesHead } from './duties-nav.tsx'
import './duties.css'

/** Every exemption with its basis and the duties it touches; those about to end stand first. */
export function ExemptionsScreen() {
  const exemptions = useRefreshed('exemptions', signal => call('exemptions', { signal }), dutiesChange)
  useTitle(t('exemptions.title'))
  const { data } = exemptions
  return (
    <div class="page">
      <DutiesHead title={t('exemptions.title')} />
      <p class="soft">{t('exemptions.text')}</p>
      <ErrorNotice error={exemptions.error} onRetry={exemptions.reload} />
      {data === null && exemptions.loading && <Skeleton rows={4} />}
      {data !== null && data.exemptions.length === 0 && <EmptyState title={t('exemptions.empty')} />}
      {data !== null && data.exemptions.length > 0 && <ExemptionTable rows={data.exemptions} />}
    </div>
  )
}

function ExemptionTable({ rows }: { rows: readonly ExemptionView[] }) {
  return (
    <Table
      label={t('exemptions.title')}
      rows={rows}
      rowKey={row => row.record.id}
      columns={[
        {
          label: t('exemptions.what'),
          kind: 'head',
          cell: row => (
            <span>
              {row.record.title}
              <span class="source">{row.record.subjects.map(subject => subject.name).join(', ')}</span>
            </span>
          ),
        },
        { label: t('exemptions.basis'), cell: row => row.record.legalBasis },
        {
          label: t('exemptions.of'),
          cell: row => (
            <ul class="exemption-duties">
              {row.duties.map(duty => (
                <li key={duty.id}>
                  <Link to={pathOf({ screen: 'duty', id: duty.id })}>
                    {duty.citation === null ? duty.id : formatCitation(duty.citation)}
                  </Link>
                  {duty.title !== null && <span class="source">{pick(duty.title)}</span>}
                  {!duty.counts && <span class="source tone-down">{t('exemptions.no-ground')}</span>}
                </li>
              ))}
            </ul>
          ),
        },
        {
          label: t('exemptions.until'),
          cell: row => (
            <span class="day">
              {row.record.validUntil === null ? t('exemptions.open') : formatDay(row.record.validUntil, language.value)}
              {row.daysLeft !== null && row.daysLeft >= 0 && (
                <span class="source">{t('calendar.days-left', { n: row.daysLeft })}</span>
              )}
            </span>
          ),
        },
        {
          label: t('exemptions.state'),
          cell: row => (
            <span class={row.state === 'ending' ? 'state tone-degraded' : ''}>
              {t(`exemptions.state.${row.state}`)}
            </span>
          ),
        },
      ]}
    />
  )
}
