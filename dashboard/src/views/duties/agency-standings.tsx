import type { RollupRow } from '../../../../protocol/duty-views.ts'
import { Link } from '../../app/link.tsx'
import { formatPercent } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { EmptyState } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { DutyStand } from './duty-stand.tsx'

/** Every agency with its breaches and findings; its name leads to the duties that concern it. */
export function AgencyStandings({ rows, linkTo }: { rows: readonly RollupRow[]; linkTo: (agency: string) => string }) {
  if (rows.length === 0) return <EmptyState title={t('duties.no-agencies')} />
  const sorted = [...rows].sort(
    (left, right) =>
      right.breaches - left.breaches || right.findings - left.findings || left.name.localeCompare(right.name),
  )
  return (
    <Table
      label={t('duties.group.agency')}
      rows={sorted}
      rowKey={row => row.key}
      columns={[
        {
          label: t('duties.agency'),
          kind: 'head',
          cell: row =>
            row.key === 'city' ? t('duty.party.city-government') : <Link to={linkTo(row.key)}>{row.name}</Link>,
        },
        { label: t('duties.breaches'), kind: 'number', cell: row => <Figure number={row.breaches} tone="down" /> },
        { label: t('duties.findings'), kind: 'number', cell: row => <Figure number={row.findings} tone="degraded" /> },
        { label: t('verdict.at-risk'), kind: 'number', cell: row => row.counts['at-risk'] },
        { label: t('verdict.met'), kind: 'number', cell: row => row.counts.met },
        {
          label: t('duties.unmeasured'),
          kind: 'number',
          cell: row => (
            <span>
              {row.counts.unmeasured}{' '}
              <span class="faint">({formatPercent(Math.ceil(row.unmeasuredRatio * 100) / 100, language.value)})</span>
            </span>
          ),
        },
        {
          label: t('duties.stand'),
          cell: row => <DutyStand verdict={row.worst} miss={row.breaches > 0 ? 'breach' : 'finding'} />,
        },
      ]}
    />
  )
}

function Figure({ number, tone }: { number: number; tone: 'down' | 'degraded' }) {
  return number === 0 ? <span class="faint">0</span> : <strong class={`tone-${tone}`}>{number}</strong>
}
