import type { DutyDetailView } from '../../../../protocol/duty-views.ts'
import type { MissKind } from '../../../../protocol/duty-words.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { Table } from '../../ui/table.tsx'
import { DutyStand } from './duty-stand.tsx'

/** Each change of a verdict with its evidence, newest first. */
export function DutyHistory({ history, miss }: { history: DutyDetailView['history']; miss: MissKind }) {
  if (history.length === 0) return <p class="soft">{t('duty.history.empty')}</p>
  return (
    <Table
      label={t('duty.history')}
      rows={history}
      rowKey={row => row.evidenceId}
      columns={[
        {
          label: t('evidence.at'),
          kind: 'head',
          cell: row => (
            <Link to={pathOf({ screen: 'evidence', id: row.evidenceId })}>
              <Time at={row.at} />
            </Link>
          ),
        },
        {
          label: t('duties.subjects'),
          cell: row => (
            <span>
              {row.subjectName}
              {row.part !== '' && <code> {row.part}</code>}
            </span>
          ),
        },
        {
          label: t('duties.stand'),
          cell: row => (
            <span class="duty-change">
              {row.from !== null && (
                <>
                  <DutyStand verdict={row.from} miss={miss} /> <span aria-hidden="true">→</span>{' '}
                </>
              )}
              <DutyStand verdict={row.to} miss={miss} />
            </span>
          ),
        },
      ]}
    />
  )
}
