import type { ComponentChildren } from 'preact'
import type { DrcCentreView } from '../../../../protocol/drc.ts'
import { Link } from '../../app/link.tsx'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { formatDuration } from '../../format/age.ts'
import { formatDay } from '../../format/citation.ts'
import { formatNumber } from '../../format/number.ts'
import { language, t } from '../../i18n/translate.ts'
import { EmptyState } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'

/** Papers are records of a register: the way to enter one leads there. */
function Papers({
  title,
  kind,
  add,
  empty,
  children,
}: {
  title: string
  kind: 'drill' | 'document'
  add: string
  empty: string | null
  children: ComponentChildren
}) {
  return (
    <Panel
      title={title}
      aside={
        <Link class="button button-small" to={`/registers?kind=${kind}`}>
          {may('registers:write') ? add : t('registers.title')}
        </Link>
      }
    >
      {empty === null ? children : <EmptyState title={empty} />}
    </Panel>
  )
}

/** Newest first, each with its result and the number of files that prove it. */
export function Drills({ drills }: { drills: DrcCentreView['drills'] }) {
  const words = language.value
  return (
    <Papers
      title={`${t('drc.drills')} (${drills.length})`}
      kind="drill"
      add={t('drc.drills.add')}
      empty={drills.length === 0 ? t('drc.drills.empty') : null}
    >
      <Table
        label={t('drc.drills')}
        rows={drills}
        rowKey={({ recordId }) => recordId}
        columns={[
          {
            label: t('drc.held'),
            kind: 'head',
            cell: drill => (
              <Link to={pathOf({ screen: 'register-record', id: drill.recordId })}>
                {formatDay(drill.heldOn, words)}
              </Link>
            ),
          },
          { label: t('drc.scenario'), cell: ({ scenario }) => scenario },
          { label: t('drc.outcome'), cell: ({ outcome }) => t(`drc.outcome.${outcome}`) },
          {
            label: t('drc.recovered'),
            kind: 'number',
            cell: ({ recoveredInMinutes: minutes }) =>
              minutes === null ? '–' : formatDuration(minutes * 60_000, words),
          },
          { label: t('registers.files'), kind: 'number', cell: ({ files }) => formatNumber(files, words, 0) },
        ]}
      />
    </Papers>
  )
}

/** Plans of recovery in force. */
export function Plans({ plans }: { plans: DrcCentreView['plans'] }) {
  const words = language.value
  return (
    <Papers
      title={`${t('drc.plans')} (${plans.length})`}
      kind="document"
      add={t('drc.plans.add')}
      empty={plans.length === 0 ? t('drc.plans.empty') : null}
    >
      <Table
        label={t('drc.plans')}
        rows={plans}
        rowKey={({ recordId }) => recordId}
        columns={[
          {
            label: t('links.name'),
            kind: 'head',
            cell: ({ recordId, title, number }) => (
              <span>
                <Link to={pathOf({ screen: 'register-record', id: recordId })}>{title}</Link>
                {number !== null && <span class="source">{number}</span>}
              </span>
            ),
          },
          {
            label: t('registers.valid'),
            cell: ({ issuedOn, validUntil }) =>
              `${issuedOn === null ? '–' : formatDay(issuedOn, words)} – ${validUntil === null ? t('registers.open-end') : formatDay(validUntil, words)}`,
          },
          { label: t('registers.files'), kind: 'number', cell: ({ files }) => formatNumber(files, words, 0) },
        ]}
      />
    </Papers>
  )
}
