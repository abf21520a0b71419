import { useState } from 'preact/hooks'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'

export function ProviderForm({ onSaved, onCancel }: { onSaved: (name: string) => void; onCancel: () => void }) {
  const [name, setName] = useState('')
  const [contact, setContact] = useState('')
  const save = useAction(async () => {
    await call('createProvider', { body: { name, contact } })
    onSaved(name.trim())
  })
  return (
    <Form save={save} onCancel={onCancel}>
      <NameField save={save} label={t('links.name')} value={name} onValue={setName} autofocus />
      <TextField label={t('providers.contact')} value={contact} onValue={setContact} maxLength={500} />
    </Form>
  )
}
