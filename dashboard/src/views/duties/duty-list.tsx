import type { DutyView } from '../../../../protocol/duty-views.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { formatCitation, formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { SeverityLabel } from '../../ui/state-mark.tsx'
import { Table } from '../../ui/table.tsx'
import type { DutyGroup, Group } from './arrange-duties.ts'
import { DutyStand, SubjectCounts } from './duty-stand.tsx'

/** Duties under their headings, each with its citation, its word, and how its subjects stand. */
export function DutyList({ groups, by }: { groups: readonly DutyGroup[]; by: Exclude<Group, 'agency'> }) {
  return (
    <div class="duty-groups">
      {groups.map(group => (
        <section key={`${group.duties[0]?.packId}/${group.key}`} class="duty-group">
          <h2>{headingOf(group, by)}</h2>
          <DutyTable label={headingOf(group, by)} duties={group.duties} />
        </section>
      ))}
    </div>
  )
}

function headingOf({ key, duties }: DutyGroup, by: Exclude<Group, 'agency'>): string {
  const [duty] = duties
  if (by === 'pasal' || duty === undefined) return key
  return by === 'theme' ? t(`duty.theme.${duty.theme}`) : t(`duty.party.${duty.owedBy}`)
}

function DutyTable({ label, duties }: { label: string; duties: readonly DutyView[] }) {
  return (
    <Table
      label={label}
      rows={duties}
      rowKey={duty => duty.id}
      columns={[
        {
          label: t('duties.duty'),
          kind: 'head',
          cell: duty => (
            <span class="duty-name">
              <Link to={pathOf({ screen: 'duty', id: duty.id })}>{pick(duty.title)}</Link>
              <span class="source">
                {formatCitation(duty.citation)} · {t(`duty.modal.${duty.modal}`)}
              </span>
            </span>
          ),
        },
        { label: t('duties.stand'), cell: duty => <DutyStand verdict={duty.worst} miss={duty.miss} /> },
        { label: t('duties.subjects'), cell: duty => <SubjectCounts counts={duty.counts} miss={duty.miss} /> },
        { label: t('duties.owed-by'), cell: duty => <span>{t(`duty.party.${duty.owedBy}`)}</span> },
        {
          label: t('duty.severity'),
          cell: duty => (duty.miss === 'option' ? '' : <SeverityLabel severity={duty.severity} />),
        },
        {
          label: t('duties.due'),
          cell: duty => (duty.dueOn === null ? '' : <span class="day">{formatDay(duty.dueOn, language.value)}</span>),
        },
      ]}
    />
  )
}
