import type { DutySubjectView } from '../../../../protocol/duty-views.ts'
import type { MissKind } from '../../../../protocol/duty-words.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { subjectPath } from '../../app/subject-path.ts'
import { formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { Time } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { DutyStand } from './duty-stand.tsx'

/** On whom the duty is judged, how each stands and why; the evidence of each is one step away. */
export function DutySubjects({ subjects, miss }: { subjects: readonly DutySubjectView[]; miss: MissKind }) {
  if (subjects.length === 0) return <EmptyState title={t('duty.no-subjects')} />
  return (
    <Table
      label={t('duties.subjects')}
      rows={subjects}
      most={25}
      rowKey={row => `${row.subject.id}/${row.part}`}
      columns={[
        {
          label: t('duties.subjects'),
          kind: 'head',
          cell: row => (
            <span>
              {nameOf(row)}
              {row.part !== '' && <code> {row.part}</code>}
              <span class="source">{t(`duty.subject.${row.subject.kind}`)}</span>
            </span>
          ),
        },
        { label: t('duties.stand'), cell: row => <DutyStand verdict={row.verdict} miss={miss} /> },
        { label: t('duty.why'), cell: row => <span class="duty-why">{pick(row.why)}</span> },
        {
          label: t('duties.due'),
          cell: row => (row.dueOn === null ? '' : <span class="day">{formatDay(row.dueOn, language.value)}</span>),
        },
        { label: t('duty.since'), cell: row => <Time at={row.since} style="date" /> },
        {
          label: t('evidence.title'),
          cell: row =>
            row.evidenceId === null ? (
              ''
            ) : (
              <Link to={pathOf({ screen: 'evidence', id: row.evidenceId })}>{t('evidence.title')}</Link>
            ),
        },
      ]}
    />
  )
}

function nameOf({ subject }: DutySubjectView) {
  if (subject.kind === 'city') return t('duty.party.city-government')
  const path = subjectPath(subject)
  return path === null ? subject.name : <Link to={path}>{subject.name}</Link>
}
