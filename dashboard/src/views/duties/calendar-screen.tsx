import { useState } from 'preact/hooks'
import type { CalendarEntry } from '../../../../protocol/duty-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { now } from '../../app/clock.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatCitation, formatDay } from '../../format/citation.ts'
import { zoneName } from '../../format/time.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'
import { DutiesHead } from './duties-nav.tsx'
import './duties.css'

const WHOSE = ['all', 'ours', 'others'] as const
type Whose = (typeof WHOSE)[number]
const SOON_DAYS = 90

/** What is due when: late first. What other offices owe stands apart: they can only be reminded. */
export function CalendarScreen() {
  const [whose, setWhose] = useState<Whose>('all')
  const calendar = useRefreshed('calendar', signal => call('dutyCalendar', { query: {}, signal }), dutiesChange)
  useTitle(t('calendar.title'))
  const { data } = calendar
  const entries = (data?.entries ?? []).filter(entry => whose === 'all' || entry.ours === (whose === 'ours'))
  const parts = [
    ['calendar.late', entries.filter(entry => entry.daysLeft < 0)],
    ['calendar.soon', entries.filter(entry => entry.daysLeft >= 0 && entry.daysLeft <= SOON_DAYS)],
    ['calendar.later', entries.filter(entry => entry.daysLeft > SOON_DAYS)],
  ] as const
  return (
    <div class="page">
      <DutiesHead title={t('calendar.title')} />
      <div class="duty-controls">
        <Switch
          label={t('calendar.whose')}
          choices={WHOSE}
          chosen={whose}
          onChoose={setWhose}
          show={one => t(`calendar.whose.${one}`)}
        />
        {data !== null && (
          <span class="faint">{t('calendar.zone', { zone: zoneName(data.timeZone, now.peek(), language.value) })}</span>
        )}
      </div>
      <ErrorNotice error={calendar.error} onRetry={calendar.reload} />
      {data === null && calendar.loading && <Skeleton rows={6} />}
      {data !== null && entries.length === 0 && <EmptyState title={t('calendar.empty')} />}
      {parts.map(
        ([title, rows]) =>
          rows.length > 0 && (
            <Panel key={title} title={`${t(title)} (${rows.length})`}>
              <CalendarTable label={t(title)} rows={rows} />
            </Panel>
          ),
      )}
    </div>
  )
}

function CalendarTable({ label, rows }: { label: string; rows: readonly CalendarEntry[] }) {
  return (
    <Table
      label={label}
      rows={rows}
      most={40}
      rowKey={row => `${row.dutyId}/${row.subject.id}`}
      columns={[
        {
          label: t('duties.duty'),
          kind: 'head',
          cell: row => (
            <span class="duty-name">
              <Link to={pathOf({ screen: 'duty', id: row.dutyId })}>{pick(row.title)}</Link>
              <span class="source">{formatCitation(row.citation)}</span>
            </span>
          ),
        },
        {
          label: t('duties.due'),
          cell: row => (
            <span class="day">
              {formatDay(row.dueOn, language.value)}
              <span class={row.daysLeft < 0 ? 'source tone-down' : 'source'}>{daysText(row.daysLeft)}</span>
            </span>
          ),
        },
        {
          label: t('duties.subjects'),
          cell: row => (row.subject.kind === 'city' ? t('duty.party.city-government') : row.subject.name),
        },
        {
          label: t('duties.owed-by'),
          cell: row => <Owes entry={row} />,
        },
      ]}
    />
  )
}

/** Another office can only be reminded: whom to tell there. */
function Owes({ entry }: { entry: CalendarEntry }) {
  return (
    <span>
      {t(`duty.party.${entry.owedBy}`)}
      {!entry.ours && entry.contacts.length === 0 && <span class="source">{t('calendar.nobody')}</span>}
      {entry.contacts.map(({ name, reachedBy }) => (
        <span class="source" key={`${name} ${reachedBy}`}>
          {t('calendar.tell', { name, by: reachedBy })}
        </span>
      ))}
    </span>
  )
}

function daysText(daysLeft: number): string {
  if (daysLeft === 0) return t('calendar.today')
  return daysLeft < 0 ? t('calendar.days-late', { n: -daysLeft }) : t('calendar.days-left', { n: daysLeft })
}
