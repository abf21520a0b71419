import type { ConditionView } from '../../../../protocol/duty-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatCitation } from '../../format/citation.ts'
import { pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'

/** On what the city has still to decide, and what hangs on it; nothing where all is decided. */
export function ConditionsPanel() {
  const found = useRefreshed('conditions', signal => call('dutyConditions', { signal }), dutiesChange)
  const rows = found.data?.conditions ?? []
  if (!rows.some(({ state }) => state === 'open')) return null
  return (
    <Panel title={t('conditions.title')} aside={<Link to="/registers?kind=decision">{t('conditions.decide')}</Link>}>
      <p class="soft">{t('conditions.text')}</p>
      <Table
        label={t('conditions.title')}
        rows={rows}
        rowKey={row => row.condition}
        columns={[
          {
            label: t('conditions.condition'),
            kind: 'head',
            cell: row => (
              <span>
                {t(`duty.condition.${row.condition}`)} <span class="source mono">{row.condition}</span>
              </span>
            ),
          },
          { label: t('conditions.state'), cell: row => t(`conditions.state.${row.state}`) },
          { label: t('conditions.duties'), cell: row => <Hanging row={row} /> },
        ]}
      />
    </Panel>
  )
}

/** Their pasal is enough here: what each says is one step away. */
function Hanging({ row }: { row: ConditionView }) {
  return (
    <span class="condition-duties">
      {row.duties.map(duty => (
        <Link key={duty.id} to={pathOf({ screen: 'duty', id: duty.id })} title={pick(duty.title)}>
          {formatCitation(duty.citation)}
        </Link>
      ))}
    </span>
  )
}
