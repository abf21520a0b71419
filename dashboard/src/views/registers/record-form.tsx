import { useState } from 'preact/hooks'
import type { RegisterField, RegisterKindView, RegisterRecordView } from '../../../../protocol/register-views.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { pick, t } from '../../i18n/translate.ts'
import { Field, SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { toast } from '../../ui/toast.tsx'
import { AboutField } from './about-field.tsx'
import { inputOf, type RecordTexts, textsOf } from './record-values.ts'

type RecordFormProps = {
  kind: RegisterKindView
  record: RegisterRecordView | null
  onDone: (id: string) => void
  onCancel: () => void
}

/** Drawn from what the register says of its fields. */
export function RecordForm({ kind, record, onDone, onCancel }: RecordFormProps) {
  const [texts, setTexts] = useState<RecordTexts>(() => textsOf(kind, record))
  const set = (more: Partial<RecordTexts>) => setTexts(old => ({ ...old, ...more }))
  const save = useAction(async () => {
    const input = inputOf(kind, texts)
    const answer =
      record === null
        ? await call('createRegisterRecord', { body: { kind: kind.kind, ...input } })
        : await call('correctRegisterRecord', { params: { id: record.id }, body: input })
    toast(t('registers.saved'))
    onDone(answer.record.id)
  })
  const plain = (name: 'number' | 'legalBasis', label: string, needed: boolean) => (
    <TextField
      label={needed ? label : t('field.optional', { label })}
      issue={issueOf(save.error, name)}
      value={texts[name]}
      onValue={value => set({ [name]: value })}
      required={needed}
    />
  )
  const day = (name: 'issuedOn' | 'validFrom' | 'validUntil', label: string) => (
    <DayField
      label={t('field.optional', { label })}
      issue={issueOf(save.error, name)}
      value={texts[name]}
      onValue={value => set({ [name]: value })}
    />
  )
  return (
    <Form save={save} frame="card" onCancel={onCancel}>
      <h2>{pick(kind.title)}</h2>
      <p class="soft">{pick(kind.description)}</p>
      <NameField
        save={save}
        path="title"
        label={t('registers.name')}
        value={texts.title}
        onValue={title => set({ title })}
        maxLength={300}
        autofocus
      />
      <AboutField kind={kind} record={record} value={texts.about} onValue={about => set({ about })} />
      <div class="form-row">
        {plain('number', t('registers.number'), false)}
        {plain('legalBasis', t('registers.basis'), kind.legalBasis === 'required')}
        {day('issuedOn', t('registers.issued'))}
        {day('validFrom', t('registers.from'))}
        {day('validUntil', t('registers.until'))}
      </div>
      <div class="form-row">
        {kind.fields.map(field => (
          <KindField
            key={field.name}
            field={field}
            issue={issueOf(save.error, `fields.${field.name}`)}
            value={texts.fields[field.name] ?? ''}
            onValue={value => setTexts(old => ({ ...old, fields: { ...old.fields, [field.name]: value } }))}
          />
        ))}
      </div>
    </Form>
  )
}

type DayFieldProps = {
  label: string
  issue: string | null
  value: string
  onValue: (value: string) => void
  required?: boolean
}

function DayField({ label, issue, value, onValue, required = false }: DayFieldProps) {
  return (
    <Field label={label} issue={issue}>
      {wiring => (
        <input
          type="date"
          class="input"
          id={wiring.id}
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          value={value}
          required={required}
          onInput={event => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

type KindFieldProps = Omit<DayFieldProps, 'label' | 'required'> & { field: RegisterField }

function KindField({ field, issue, value, onValue }: KindFieldProps) {
  const help = field.help === null ? null : pick(field.help)
  const label = field.required ? pick(field.label) : t('field.optional', { label: pick(field.label) })
  const common = { label, issue, value, onValue }
  switch (field.type) {
    case 'date':
      return <DayField {...common} required={field.required} />
    case 'number':
      return <TextField {...common} help={help} type="number" required={field.required} />
    case 'yes-no':
    case 'choice': {
      const choices = field.choices?.map(choice => ({ value: choice.value, label: pick(choice.label) })) ?? [
        { value: 'yes', label: t('registers.yes') },
        { value: 'no', label: t('registers.no') },
      ]
      return <SelectField {...common} help={help} choices={[{ value: '', label: '–' }, ...choices]} />
    }
    case 'list':
    case 'long-text':
      return (
        <Field label={label} help={help} issue={issue}>
          {wiring => (
            <textarea
              class="input"
              rows={3}
              id={wiring.id}
              aria-describedby={wiring.describedBy}
              aria-invalid={wiring.invalid}
              required={field.required}
              value={value}
              onInput={event => onValue(event.currentTarget.value)}
            />
          )}
        </Field>
      )
    case 'text':
    case 'topic':
      return <TextField {...common} help={help} required={field.required} />
  }
}
