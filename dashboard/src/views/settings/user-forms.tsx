import { useState } from 'preact/hooks'
import type { UserView } from '../../../../protocol/settings-views.ts'
import { ROLES, type Role } from '../../../../protocol/vocabulary.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { PASSWORD_LEAST } from '../setup/setup-screen.tsx'

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
    <form
      class="card form"
      onSubmit={event => {
        event.preventDefault()
        void create.run()
      }}
    >
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
        <TextField
          label={t('sign-in.password')}
          help={t('password.help', { least: PASSWORD_LEAST })}
          issue={issueOf(create.error, 'password')}
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
          minLength={PASSWORD_LEAST}
          required
        />
      </div>
      <ErrorNotice error={create.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={create.busy}>
          {t('users.add')}
        </Button>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
      </div>
    </form>
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
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          void change.run()
        }}
      >
        <TextField
          label={t('password.next')}
          help={t('password.help', { least: PASSWORD_LEAST })}
          issue={issueOf(change.error, 'password')}
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="new-password"
          minLength={PASSWORD_LEAST}
          required
          autofocus
        />
        <ErrorNotice error={change.error} />
        <div class="form-actions">
          <Button type="submit" kind="primary" busy={change.busy}>
            {t('common.save')}
          </Button>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
