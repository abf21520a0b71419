import { useState } from 'preact/hooks'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { TextField } from '../../ui/field.tsx'
import { FormEnd } from './form-end.tsx'

export function ProviderForm({ onSaved, onCancel }: { onSaved: (name: string) => void; onCancel: () => void }) {
  const [name, setName] = useState('')
  const [contact, setContact] = useState('')
  const save = useAction(async () => {
    await call('createProvider', { body: { name, contact } })
    onSaved(name.trim())
  })
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault()
        void save.run()
      }}
    >
      <TextField
        label={t('links.name')}
        issue={issueOf(save.error, 'name')}
        value={name}
        onValue={setName}
        maxLength={200}
        required
        autofocus
      />
      <TextField label={t('providers.contact')} value={contact} onValue={setContact} maxLength={500} />
      <FormEnd save={save} onCancel={onCancel} />
    </form>
  )
}
