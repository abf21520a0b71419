import { useState } from 'preact/hooks'
import type { UserView } from '../../../../protocol/settings-views.ts'
import { ROLES, type Role } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { toast } from '../../ui/toast.tsx'

export function NewUser({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [password, setPassword] = useState('')
  const create = useAction(async () => {
    await call('createUser', { body: { name: name.trim(), displayName: displayName.trim(), role, password } })
    toast(t('users.saved', { name: name.trim() }))
    onDone()
  })
  return (
    <Form save={create} frame="card" action={t('users.add')} onCancel={onCancel}>
      <div class="form-row">
        <TextField
          label={t('setup.name')}
          help={t('setup.name.help')}
          issue={issueOf(create.error, 'name')}
          value={name}
          onValue={setName}
          pattern="[a-z0-9][a-z0-9._\-]+"
          autocomplete="off"
          required
          autofocus
        />
        <TextField
          label={t('setup.display-name')}
          issue={issueOf(create.error, 'displayName')}
          value={displayName}
          onValue={setDisplayName}
          maxLength={100}
          autocomplete="off"
          required
        />
        <SelectField
          label={t('users.role')}
          help={t(`role.${role}.help`)}
          value={role}
          onValue={value => setRole(ROLES.find(one => one === value) ?? 'viewer')}
          choices={ROLES.map(one => ({ value: one, label: t(`role.${one}`) }))}
        />
        <PasswordField
          label={t('sign-in.password')}
          error={create.error}
          path="password"
          value={password}
          onValue={setPassword}
        />
      </div>
    </Form>
  )
}

export function PasswordOfUser({ user, onClose }: { user: UserView; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const change = useAction(async () => {
    await call('updateUser', { params: { id: user.id }, body: { password } })
    toast(t('users.saved', { name: user.name }))
    onClose()
  })
  return (
    <Dialog title={t('users.password.title', { name: user.displayName })} onClose={onClose}>
      <Form save={change} onCancel={onClose}>
        <PasswordField
          label={t('password.next')}
          error={change.error}
          path="password"
          value={password}
          onValue={setPassword}
          autofocus
        />
      </Form>
    </Dialog>
  )
}
