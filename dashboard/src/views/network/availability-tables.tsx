import { useState } from 'preact/hooks'
import type { AvailabilityRow } from '../../../../protocol/maintenance.ts'
import { AVAILABILITY_OF, type AvailabilityOf, PERIODS, type Period } from '../../../../protocol/vocabulary.ts'
import { call } from '../../api/call.ts'
import { useResource } from '../../api/use-resource.ts'
import { now } from '../../app/clock.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatDuration } from '../../format/age.ts'
import { formatNumber, formatPercent, formatUptime } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { Skeleton } from '../../ui/button.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Table } from '../../ui/table.tsx'

const DAY_MS = 86_400_000
/** How far the tables look back: as many periods as fit a page. */
export const REACH_MS: Record<Period, number> = { day: 7 * DAY_MS, month: 92 * DAY_MS, year: 730 * DAY_MS }

type Line = { row: AvailabilityRow; period: AvailabilityRow['periods'][number] | null }

/** Availability by subject and period; the newest period of each first. */
export function AvailabilityTables() {
  const [of, setOf] = useState<AvailabilityOf>('link')
  const [by, setBy] = useState<Period>('month')
  const table = useResource(`${of}/${by}`, signal => {
    const to = Math.ceil(now.peek() / 60_000) * 60_000
    return call('availability', { query: { of, by, from: to - REACH_MS[by], to }, signal })
  })
  const rows = table.data?.rows ?? []
  return (
    <Panel
      title={t('availability.table')}
      aside={
        <span class="network-switches">
          <Switch
            label={t('availability.of')}
            choices={AVAILABILITY_OF}
            chosen={of}
            onChoose={setOf}
            show={one => t(`availability.of.${one}`)}
          />
          <Switch
            label={t('availability.by')}
            choices={PERIODS}
            chosen={by}
            onChoose={setBy}
            show={one => t(`availability.by.${one}`)}
          />
        </span>
      }
    >
      <p class="soft">{t('availability.provisional')}</p>
      <ErrorNotice error={table.error} onRetry={table.reload} />
      {table.data === null && table.loading && <Skeleton rows={4} />}
      {table.data !== null && rows.length === 0 && <EmptyState title={t('availability.empty')} />}
      {rows.length > 0 && (
        <AvailabilityLines rows={rows} links={of === 'agency' ? 'agency' : of === 'link' ? 'link' : null} />
      )}
    </Panel>
  )
}

/** The newest period of each first; `links`: what screen a name leads to. */
export function AvailabilityLines({
  rows,
  links = null,
}: {
  rows: readonly AvailabilityRow[]
  links?: 'agency' | 'link' | null
}) {
  const words = language.value
  const lines = rows.flatMap((row): Line[] =>
    row.periods.length === 0 ? [{ row, period: null }] : [...row.periods].reverse().map(period => ({ row, period })),
  )
  const length = (ms: number | null | undefined) =>
    ms === null || ms === undefined || ms === 0 ? '–' : formatDuration(ms, words)
  return (
    <Table
      label={t('availability.table')}
      rows={lines}
      rowKey={({ row, period }) => `${row.id}/${period?.label ?? ''}`}
      columns={[
        {
          label: t('links.name'),
          kind: 'head',
          cell: ({ row }) => (
            <span>
              {links === null ? row.name : <Link to={pathOf({ screen: links, id: row.id })}>{row.name}</Link>}
              {row.calendar !== null && <span class="source">{row.calendar}</span>}
            </span>
          ),
        },
        {
          label: t('availability.period'),
          cell: ({ period }) => period?.label ?? <strong class="network-warning">{t('availability.unwatched')}</strong>,
        },
        {
          label: t('availability.uptime'),
          kind: 'number',
          cell: ({ period }) => (period?.uptimeRatio == null ? '–' : formatUptime(period.uptimeRatio, words)),
        },
        {
          label: t('availability.observed'),
          kind: 'number',
          cell: ({ period }) => (period === null ? '–' : observed(period)),
        },
        { label: t('availability.outage'), kind: 'number', cell: ({ period }) => length(period?.outageMs) },
        {
          label: t('availability.outages'),
          kind: 'number',
          cell: ({ period }) => (period === null ? '–' : formatNumber(period.outages, words, 0)),
        },
        { label: t('availability.planned'), kind: 'number', cell: ({ period }) => length(period?.plannedMs) },
        {
          label: t('availability.afterwards'),
          kind: 'number',
          cell: ({ period }) => length(period?.plannedAfterwardsMs),
        },
        { label: t('availability.mttr'), kind: 'number', cell: ({ period }) => length(period?.mttrMs) },
        { label: t('availability.mtbf'), kind: 'number', cell: ({ period }) => length(period?.mtbfMs) },
      ]}
    />
  )
}

/** Rounded down: what was not quite watched never reads as wholly watched. */
function observed({ serviceMs, unobservedMs }: { serviceMs: number; unobservedMs: number }): string {
  if (serviceMs <= 0) return '–'
  const ratio = 1 - unobservedMs / serviceMs
  return formatPercent(Math.floor(ratio * 1000) / 1000, language.value, ratio < 1 ? 1 : 0)
}
