import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { PATHS } from '../../../../protocol/paths.ts'
import type { RegisterKindView, RegisterRecordView } from '../../../../protocol/register-views.ts'
import { addressOf, call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { useRefreshed } from '../../api/use-refreshed.ts'
import { useResource } from '../../api/use-resource.ts'
import { Link } from '../../app/link.tsx'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { roleName } from '../../format/names.ts'
import { language, pick, t } from '../../i18n/translate.ts'
import { dutiesChange } from '../../live/live-state.ts'
import { Age, Time } from '../../ui/age.tsx'
import { Button, Skeleton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Field, TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'
import { readFile } from './read-file.ts'
import { RecordForm } from './record-form.tsx'
import { shownOf } from './record-values.ts'
import { aboutText, validText } from './registers-screen.tsx'
import { ServiceProbes } from './service-probes.tsx'

const MEDIA_TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  txt: 'text/plain',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

/** One record with its files and all that it said before. */
export function RecordScreen({ id }: { id: string }) {
  const found = useRefreshed(id, signal => call('registerRecord', { params: { id }, signal }), dutiesChange)
  const kinds = useResource('register-kinds', signal => call('registerKinds', { signal }))
  const [mode, setMode] = useState<'shown' | 'corrected' | 'withdrawn'>('shown')
  useTitle(found.data?.record.title ?? t('registers.record'))
  const kind = kinds.data?.kinds.find(one => one.kind === found.data?.record.kind) ?? null
  if (found.data === null || kind === null) {
    return (
      <div class="page">
        <ErrorNotice error={found.error ?? kinds.error} onRetry={found.reload} />
        {found.loading && <Skeleton rows={6} />}
      </div>
    )
  }
  const { record, versions, attachments } = found.data
  const writes = may('registers:write') && record.withdrawn === null
  const attach = async (file: File) => {
    const mediaType = MEDIA_TYPES[file.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
    const body = { name: file.name, mediaType, contentBase64: await readFile(file) }
    found.set(await call('attachToRecord', { params: { id }, body }))
    toast(t('registers.attached'))
  }
  if (mode === 'corrected') {
    const done = () => {
      setMode('shown')
      found.reload()
    }
    return (
      <div class="page">
        <RecordForm kind={kind} record={record} onDone={done} onCancel={() => setMode('shown')} />
      </div>
    )
  }
  return (
    <div class="page">
      <div class="page-head">
        <h1>{record.title}</h1>
        <Link to={`/registers?kind=${encodeURIComponent(kind.kind)}`}>{pick(kind.title)}</Link>
      </div>
      {record.withdrawn !== null && (
        <p class="notice">{t('registers.withdrawn.because', { reason: record.withdrawn.reason })}</p>
      )}
      <Panel
        title={t('registers.fields')}
        aside={
          writes && (
            <div class="table-actions">
              <Button size="small" onClick={() => setMode('corrected')}>
                {t('registers.correct')}
              </Button>
              <Button size="small" kind="quiet" onClick={() => setMode('withdrawn')}>
                {t('registers.withdraw')}
              </Button>
            </div>
          )
        }
      >
        <Content kind={kind} record={record} />
      </Panel>
      {kind.kind === 'service' && record.withdrawn === null && <ServiceProbes record={record} />}
      <Panel title={t('registers.files')}>
        {attachments.length === 0 && <p class="soft">{t('registers.no-files')}</p>}
        {attachments.map(file => (
          <p key={file.id}>
            <a href={addressOf(PATHS.attachment[1], { id: file.id })} download={file.name}>
              {file.name}
            </a>{' '}
            <span class="soft">
              <Time at={file.addedAt} style="day-minute" /> · {file.addedBy} ·{' '}
              <code title={file.sha256}>{file.sha256.slice(0, 12)}</code>
            </span>
          </p>
        ))}
        {writes && <AttachField attach={attach} />}
      </Panel>
      {versions.length > 0 && (
        <Panel title={t('registers.versions')}>
          {versions.map(version => (
            <details class="disclosure" key={version.version}>
              <summary>
                {t('registers.version', { n: version.version })} · {version.enteredBy} · <Age at={version.enteredAt} />
              </summary>
              <Content kind={kind} record={version} />
            </details>
          ))}
        </Panel>
      )}
      {mode === 'withdrawn' && (
        <WithdrawDialog
          id={id}
          onDone={() => {
            setMode('shown')
            found.reload()
          }}
          onClose={() => setMode('shown')}
        />
      )}
    </div>
  )
}

function Content({ kind, record }: { kind: RegisterKindView; record: RegisterRecordView }) {
  const rows: [label: string, value: ComponentChildren][] = [
    [t('registers.number'), record.number ?? '–'],
    [t('registers.about'), aboutText(record)],
    [t('registers.valid'), validText(record)],
    [t('registers.basis'), record.legalBasis ?? '–'],
    ...kind.fields.flatMap((field): [string, ComponentChildren][] => {
      const value = record.fields[field.name]
      if (value === undefined || value === '') return []
      // The roles of services are words of the house, written by people as they are in the packs.
      const isRole = field.name === 'role' && kind.kind === 'service' && typeof value === 'string'
      const shown = isRole ? [roleName(value, language.value)] : shownOf(field, value, language.value)
      return [[pick(field.label), shown.map(line => <div key={line}>{line}</div>)]]
    }),
    [t('registers.entered'), record.source === 'page' ? record.enteredBy : `${record.enteredBy} · ${record.source}`],
  ]
  return <Facts kind="list" facts={rows} />
}

function AttachField({ attach }: { attach: (file: File) => Promise<void> }) {
  const action = useAction(attach)
  return (
    <>
      <Field label={t('registers.attach')} help={t('registers.attach.help')}>
        {wiring => (
          <input
            type="file"
            class="input"
            id={wiring.id}
            aria-describedby={wiring.describedBy}
            disabled={action.busy}
            accept={Object.keys(MEDIA_TYPES)
              .map(extension => `.${extension}`)
              .join(',')}
            onChange={event => {
              const file = event.currentTarget.files?.[0]
              if (file !== undefined) void action.run(file)
            }}
          />
        )}
      </Field>
      <ErrorNotice error={action.error} />
    </>
  )
}

function WithdrawDialog({ id, onDone, onClose }: { id: string; onDone: () => void; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const withdraw = useAction(async () => {
    await call('withdrawRegisterRecord', { params: { id }, body: { reason } })
    onDone()
  })
  return (
    <Dialog title={t('registers.withdraw.title')} onClose={onClose}>
      <p>{t('registers.withdraw.text')}</p>
      <TextField label={t('registers.reason')} value={reason} onValue={setReason} required minLength={3} autofocus />
      <ErrorNotice error={withdraw.error} />
      <div class="form-actions">
        <Button
          kind="danger"
          busy={withdraw.busy}
          disabled={reason.trim().length < 3}
          onClick={() => void withdraw.run()}
        >
          {t('registers.withdraw')}
        </Button>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
      </div>
    </Dialog>
  )
}
