import { useEffect, useState } from 'preact/hooks'
import type { IncidentSummary } from '../../../../protocol/incident-views.ts'
import { INCIDENT_STATES } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { navigate, query } from '../../app/navigation.ts'
import { pathOf } from '../../app/router.ts'
import { useTitle } from '../../app/use-title.ts'
import { pick, t } from '../../i18n/translate.ts'
import { wall } from '../../live/live-state.ts'
import { AcknowledgeButton } from '../../ui/acknowledge.tsx'
import { Age, Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { MeasuredValue } from '../../ui/incident-card.tsx'
import { partOf } from '../../ui/incident-subject.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { IncidentStateLabel, SeverityLabel } from '../../ui/state-mark.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'

const FILTERS = ['active', ...INCIDENT_STATES, 'all'] as const
type Filter = (typeof FILTERS)[number]
const PAGE = 50

/** All incidents, newest first, by state; the address keeps the choice. */
export function IncidentsScreen() {
  const asked = query.value.get('state')
  const subject = query.value.get('subject')
  const filter: Filter = FILTERS.find(one => one === asked) ?? (subject === null ? 'active' : 'all')
  const [older, setOlder] = useState<{ rows: IncidentSummary[]; ended: boolean }>({ rows: [], ended: false })
  const criteria = {
    limit: PAGE,
    ...(filter === 'all' ? {} : { state: filter }),
    ...(subject === null ? {} : { subject }),
  }
  const first = useResource(`${filter}/${subject}`, signal => call('incidents', { query: criteria, signal }))
  const { reload } = first
  const live = wall.value?.incidents
  useTitle(t('incidents.title'))

  useEffect(() => setOlder({ rows: [], ended: false }), [filter, subject])
  // The live list tells only that something changed; the page reads what it shows.
  useEffect(() => {
    if (live !== undefined) reload()
  }, [live, reload])

  const rows = [...(first.data?.incidents ?? []), ...older.rows]
  const ended = older.ended || (first.data !== null && first.data.incidents.length < PAGE)
  const more = useAction(async () => {
    const before = rows.at(-1)?.number
    if (before === undefined) return
    const { incidents } = await call('incidents', { query: { ...criteria, before } })
    setOlder({ rows: [...older.rows, ...incidents], ended: incidents.length < PAGE })
  })

  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('incidents.title')}</h1>
        <Switch
          label={t('incidents.filter')}
          choices={FILTERS}
          chosen={filter}
          onChoose={name => navigate(addressOf(name, subject), 'replace')}
          show={name => t(`incidents.filter.${name}`)}
        />
      </div>
      {subject !== null && (
        <p class="notice">
          {t('incidents.of-server', { name: rows[0]?.subject.name ?? subject })}
          <Link to={addressOf(filter, null)}>{t('incidents.of-all')}</Link>
        </p>
      )}
      <ErrorNotice error={first.error} onRetry={first.reload} />
      {first.data === null && first.loading && <Skeleton rows={6} />}
      {first.data !== null && rows.length === 0 && (
        <EmptyState title={t('incidents.empty')}>
          <p>{t('incidents.empty.text')}</p>
        </EmptyState>
      )}
      {rows.length > 0 && <IncidentTable rows={rows} onChanged={reload} />}
      <ErrorNotice error={more.error} />
      {rows.length > 0 && !ended && (
        <div>
          <Button busy={more.busy} onClick={() => void more.run()}>
            {t('common.older')}
          </Button>
        </div>
      )}
    </div>
  )
}

function addressOf(filter: Filter, subject: string | null): string {
  const search = new URLSearchParams({ state: filter, ...(subject === null ? {} : { subject }) })
  return `/incidents?${search}`
}

function IncidentTable({ rows, onChanged }: { rows: IncidentSummary[]; onChanged: () => void }) {
  return (
    <Table
      label={t('incidents.title')}
      rows={rows}
      rowKey={row => row.id}
      columns={[
        {
          label: t('incidents.title.column'),
          kind: 'head',
          cell: row => (
            <span>
              <Link to={pathOf({ screen: 'incident', id: row.id })}>
                #{row.number} {pick(row.title)}
              </Link>
              <span class="incident-table-subject">
                {row.subject.name}
                {partOf(row) !== '' && <code> {partOf(row)}</code>}
              </span>
            </span>
          ),
        },
        { label: t('incidents.state'), cell: row => <IncidentStateLabel state={row.state} /> },
        { label: t('incidents.severity'), cell: row => <SeverityLabel severity={row.severity} /> },
        { label: t('incidents.value'), cell: row => <MeasuredValue {...row} /> },
        {
          label: t('incidents.opened'),
          cell: row => (
            <span>
              <Age at={row.openedAt} />
              <span class="source">
                <Time at={row.openedAt} style="day-minute" />
              </span>
            </span>
          ),
        },
        {
          label: '',
          cell: row => (
            <div class="table-actions">
              {row.state === 'acknowledged' && row.acknowledgedBy !== null && (
                <span class="soft">{t('incident.by', { name: row.acknowledgedBy })}</span>
              )}
              <AcknowledgeButton incident={row} onChanged={onChanged} />
            </div>
          ),
        },
      ]}
    />
  )
}
