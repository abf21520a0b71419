import { useState } from 'preact/hooks'
import type { RegisterKindView, RegisterRecordView } from '../../../../protocol/register-views.ts'
import { call } from '../../api/call.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { navigate, query } from '../../app/navigation.ts'
import { pathOf } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { formatDay } from '../../format/citation.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Age } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { CheckField, SelectField } from '../../ui/field.tsx'
import { EmptyState, ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { DutiesHead } from '../duties/duties-nav.tsx'
import { ImportPanel } from './import-panel.tsx'
import { RecordForm } from './record-form.tsx'
import './registers.css'

/** All registers, one at a time; the address keeps which. */
export function RegistersScreen() {
  useTitle(t('registers.title'))
  const kinds = useResource('register-kinds', signal => call('registerKinds', { signal }))
  const asked = query.value.get('kind')
  const kind = kinds.data?.kinds.find(one => one.kind === asked) ?? kinds.data?.kinds[0] ?? null
  return (
    <div class="page">
      <DutiesHead title={t('registers.title')} />
      <p class="soft">{t('registers.text')}</p>
      <ErrorNotice error={kinds.error} onRetry={kinds.reload} />
      {kind === null ? (
        <Skeleton rows={5} />
      ) : (
        <>
          <div class="register-choice">
            <SelectField
              label={t('registers.kind')}
              value={kind.kind}
              onValue={value => navigate(`/registers?kind=${encodeURIComponent(value)}`, 'replace')}
              choices={(kinds.data?.kinds ?? []).map(one => ({ value: one.kind, label: pick(one.title) }))}
            />
          </div>
          <Register key={kind.kind} kind={kind} />
        </>
      )}
    </div>
  )
}

function Register({ kind }: { kind: RegisterKindView }) {
  const [withdrawn, setWithdrawn] = useState(false)
  const [mode, setMode] = useState<'listed' | 'new' | 'import'>('listed')
  const shown = withdrawn ? 'yes' : 'no'
  const list = useRefreshed(
    `${kind.kind}/${shown}`,
    signal => call('registerRecords', { query: { kind: kind.kind, withdrawn: shown }, signal }),
    dutiesChange,
  )
  const writes = may('registers:write')
  if (mode === 'new') {
    return (
      <RecordForm
        kind={kind}
        record={null}
        onDone={id => navigate(pathOf({ screen: 'register-record', id }))}
        onCancel={() => setMode('listed')}
      />
    )
  }
  if (mode === 'import') {
    return (
      <ImportPanel
        kind={kind}
        onDone={() => {
          setMode('listed')
          list.reload()
        }}
        onCancel={() => setMode('listed')}
      />
    )
  }
  return (
    <>
      <p class="soft">{pick(kind.description)}</p>
      <div class="form-actions register-actions">
        {writes && (
          <>
            <Button kind="primary" onClick={() => setMode('new')}>
              {t('registers.new')}
            </Button>
            <Button onClick={() => setMode('import')}>{t('registers.import')}</Button>
          </>
        )}
        <CheckField label={t('registers.withdrawn')} checked={withdrawn} onChecked={setWithdrawn} />
      </div>
      <ErrorNotice error={list.error} onRetry={list.reload} />
      {list.data === null && list.loading && <Skeleton rows={5} />}
      {list.data?.records.length === 0 && (
        <EmptyState title={t('registers.empty')}>
          <p>{t('registers.empty.text')}</p>
        </EmptyState>
      )}
      {list.data !== null && list.data.records.length > 0 && <RecordTable records={list.data.records} />}
    </>
  )
}

function RecordTable({ records }: { records: readonly RegisterRecordView[] }) {
  return (
    <Table
      label={t('registers.title')}
      rows={records}
      rowKey={record => record.id}
      columns={[
        {
          label: t('registers.name'),
          kind: 'head',
          cell: record => (
            <span>
              <Link to={pathOf({ screen: 'register-record', id: record.id })}>{record.title}</Link>
              {record.withdrawn !== null && (
                <span class="source">{t('registers.withdrawn.because', { reason: record.withdrawn.reason })}</span>
              )}
            </span>
          ),
        },
        { label: t('registers.number'), cell: record => record.number ?? '–' },
        { label: t('registers.about'), cell: record => aboutText(record) },
        { label: t('registers.valid'), cell: record => validText(record) },
        { label: t('registers.files'), kind: 'number', cell: record => record.attachments },
        { label: t('registers.entered'), cell: record => <Age at={record.enteredAt} /> },
      ]}
    />
  )
}

export function aboutText(record: RegisterRecordView): string {
  return record.subjects.length === 0 ? t('registers.about.city') : record.subjects.map(({ name }) => name).join(', ')
}

export function validText(record: RegisterRecordView): string {
  const from = record.validFrom ?? record.issuedOn
  if (from === null && record.validUntil === null) return '–'
  const day = (civil: string) => formatDay(civil, language.value)
  return `${from === null ? '–' : day(from)} – ${record.validUntil === null ? t('registers.open-end') : day(record.validUntil)}`
}
