import { useState } from 'preact/hooks'
import type { ChannelKindView, ChannelView } from '../../../../protocol/settings-views.ts'
import { SEVERITIES } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { pick, t } from '../../i18n/translate.ts'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'
import { toast } from '../../ui/toast.tsx'
import { settingsOf, textsOf } from './channel-values.ts'

type ChannelFormProps = {
  kind: ChannelKindView
  channel: ChannelView | null
  onDone: () => void
  onCancel: () => void
}

/** A form drawn from what the kind of channel says about its fields. */
export function ChannelForm({ kind, channel, onDone, onCancel }: ChannelFormProps) {
  const [name, setName] = useState(channel?.name ?? '')
  const [texts, setTexts] = useState(() => textsOf(kind, channel))
  const [minimumSeverity, setMinimumSeverity] = useState(channel?.minimumSeverity ?? 'high')
  const [enabled, setEnabled] = useState(channel?.enabled ?? true)
  const save = useAction(async () => {
    const body = { name: name.trim(), kind: kind.kind, settings: settingsOf(kind, texts), minimumSeverity, enabled }
    if (channel === null) await call('createChannel', { body })
    else await call('updateChannel', { params: { id: channel.id }, body })
    toast(t('channels.saved', { name: body.name }))
    onDone()
  })
  return (
    <Form save={save} frame="card" onCancel={onCancel}>
      <h3>{pick(kind.title)}</h3>
      <NameField save={save} label={t('channels.name')} value={name} onValue={setName} maxLength={100} autofocus />
      <div class="form-row">
        {kind.fields.map(field => (
          <KindField
            key={field.name}
            field={field}
            kept={channel?.secretsSet.includes(field.name) ?? false}
            issue={issueOf(save.error, `settings.${field.name}`) ?? issueOf(save.error, field.name)}
            value={texts[field.name] ?? ''}
            onValue={value => setTexts(old => ({ ...old, [field.name]: value }))}
          />
        ))}
      </div>
      <SelectField
        label={t('channels.minimum')}
        help={t('channels.minimum.help')}
        value={minimumSeverity}
        onValue={value => setMinimumSeverity(SEVERITIES.find(severity => severity === value) ?? 'high')}
        choices={SEVERITIES.map(severity => ({ value: severity, label: t(`severity.${severity}`) }))}
      />
      <CheckField label={t('channels.enabled')} checked={enabled} onChecked={setEnabled} />
    </Form>
  )
}

type KindFieldProps = {
  field: ChannelKindView['fields'][number]
  kept: boolean
  issue: string | null
  value: string
  onValue: (value: string) => void
}

function KindField({ field, kept, issue, value, onValue }: KindFieldProps) {
  const help = field.help === null ? null : pick(field.help)
  const label = field.required ? pick(field.label) : t('field.optional', { label: pick(field.label) })
  const common = { label, issue, value, onValue }
  switch (field.type) {
    case 'choice':
      return (
        <SelectField
          {...common}
          help={help}
          choices={[
            ...(field.required ? [] : [{ value: '', label: '–' }]),
            ...(field.choices ?? []).map(choice => ({ value: choice.value, label: pick(choice.label) })),
          ]}
        />
      )
    case 'secret':
      return (
        <TextField
          {...common}
          help={kept ? t('field.secret.kept') : help}
          type="password"
          autocomplete="new-password"
          required={field.required && !kept}
        />
      )
    case 'list':
      return <TextField {...common} help={help ?? t('field.list')} required={field.required} />
    case 'number':
      return <TextField {...common} help={help} type="number" required={field.required} />
    case 'email':
    case 'url':
    case 'text':
      return <TextField {...common} help={help} type={field.type} required={field.required} />
  }
}
