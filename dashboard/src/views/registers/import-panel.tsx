import { useState } from 'preact/hooks'
import type { ImportView, RegisterKindView } from '../../../../protocol/register-views.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toast.tsx'
import { readFile } from './read-file.ts'

/** A spreadsheet is looked at first: what it would add, change and leave, and what is refused for which reason. */
export function ImportPanel({
  kind,
  onDone,
  onCancel,
}: {
  kind: RegisterKindView
  onDone: () => void
  onCancel: () => void
}) {
  const [file, setFile] = useState<File | null>(null)
  const [preview, setPreview] = useState<ImportView | null>(null)
  const take = useAction(async (mode: 'preview' | 'apply') => {
    if (file === null) return
    // A CSV has no sheets that could say what it holds.
    const named = /\.csv$/i.test(file.name) ? { kind: kind.kind } : {}
    const body = { name: file.name, contentBase64: await readFile(file), mode, ...named }
    const answer = await call('importRegister', { body })
    if (mode === 'preview') return setPreview(answer)
    toast(t('registers.import.done', { added: answer.added, changed: answer.changed }))
    onDone()
  })
  const columns = ['title', 'number', 'issuedOn', 'validFrom', 'validUntil', 'legalBasis', ...kind.subjects]
  const news = preview === null ? 0 : preview.added + preview.changed
  return (
    <section class="card form">
      <h2>{t('registers.import')}</h2>
      <p class="soft">{t('registers.import.text')}</p>
      <p class="soft">
        {t('registers.import.columns', { names: [...columns, ...kind.fields.map(({ name }) => name)].join(', ') })}
      </p>
      <Field label={t('registers.import.file')}>
        {wiring => (
          <input
            type="file"
            class="input"
            accept=".csv,.xlsx"
            id={wiring.id}
            onChange={event => {
              setFile(event.currentTarget.files?.[0] ?? null)
              setPreview(null)
            }}
          />
        )}
      </Field>
      <ErrorNotice error={take.error} />
      {preview !== null && (
        <>
          <p class="notice">{t('registers.import.sum', countsOf(preview))}</p>
          <Table
            label={t('registers.import.preview')}
            rows={preview.rows}
            rowKey={row => `${row.sheet}:${row.row}`}
            columns={[
              { label: t('registers.import.row'), cell: row => `${row.sheet} ${row.row}` },
              { label: t('registers.name'), kind: 'head', cell: row => row.title },
              { label: t('registers.import.outcome'), cell: row => t(`registers.outcome.${row.outcome}`) },
              { label: t('registers.import.details'), cell: row => row.details.join('; ') || '–' },
            ]}
          />
        </>
      )}
      <div class="form-actions">
        {preview === null || news === 0 ? (
          <Button kind="primary" busy={take.busy} disabled={file === null} onClick={() => void take.run('preview')}>
            {t('registers.import.preview')}
          </Button>
        ) : (
          <Button kind="primary" busy={take.busy} onClick={() => void take.run('apply')}>
            {t('registers.import.apply', { n: news })}
          </Button>
        )}
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </section>
  )
}

function countsOf({ added, changed, unchanged, refused }: ImportView) {
  return { added, changed, unchanged, refused }
}
