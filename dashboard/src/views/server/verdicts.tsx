import type { VerdictView } from '../../../../protocol/rule-views.ts'
import type { Verdict } from '../../../../protocol/vocabulary.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { pick, t } from '../../i18n/translate.ts'
import { Age } from '../../ui/age.tsx'
import { MeasuredValue } from '../../ui/incident-card.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SeverityLabel, VerdictLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'

/** What needs eyes first; `met` and what does not count come last. */
const ORDER = [
  'unmet',
  'at-risk',
  'unmeasured',
  'met',
  'exempt',
  'not-applicable',
] as const satisfies readonly Verdict[]

/** Every rule on this server: its value against its threshold, and who set the threshold. */
export function Verdicts({ verdicts }: { verdicts: VerdictView[] }) {
  const rows = [...verdicts].sort(
    (a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || a.ruleId.localeCompare(b.ruleId),
  )
  return (
    <Panel title={t('verdicts.title')}>
      {rows.length === 0 ? (
        <EmptyState title={t('verdicts.empty')} />
      ) : (
        <Table
          label={t('verdicts.title')}
          rows={rows}
          rowKey={row => `${row.ruleId}/${row.part}`}
          columns={[
            {
              label: t('verdicts.rule'),
              kind: 'head',
              cell: row => (
                <span>
                  {pick(row.title)}
                  {row.part !== '' && <code class="source">{row.part}</code>}
                </span>
              ),
            },
            { label: t('verdicts.verdict'), cell: row => <VerdictLabel verdict={row.verdict} /> },
            {
              label: t('verdicts.value'),
              cell: row => (
                <span>
                  <MeasuredValue {...row} />
                  <span class="source">{t(`source.${row.parameterSource}`)}</span>
                </span>
              ),
            },
            { label: t('verdicts.severity'), cell: row => <SeverityLabel severity={row.severity} /> },
            { label: t('verdicts.since'), cell: row => <Age at={row.since} /> },
            {
              label: t('verdicts.evidence'),
              cell: row =>
                row.evidenceId === null ? (
                  <span class="faint">–</span>
                ) : (
                  <Link to={pathOf({ screen: 'evidence', id: row.evidenceId })}>{t('verdicts.evidence.open')}</Link>
                ),
            },
          ]}
        />
      )}
    </Panel>
  )
}
