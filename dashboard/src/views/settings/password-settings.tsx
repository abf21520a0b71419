import { useState } from 'preact/hooks'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { session } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { PasswordAgain, PasswordField } from '../../ui/password-field.tsx'
import { toast } from '../../ui/toast.tsx'

/** One's own password; the collector ends all other sessions. */
export function PasswordSettings() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const mismatch = again !== '' && again !== next
  const change = useAction(async () => {
    await call('changePassword', { body: { current, next } })
    setCurrent('')
    setNext('')
    setAgain('')
    toast(t('password.changed'))
  })
  return (
    <Form save={change} frame="card" action={t('password.action')} held={mismatch ? 'submit' : 'no'}>
      <p class="soft">{t('password.text')}</p>
      <input
        class="visually-hidden"
        type="text"
        autocomplete="username"
        tabIndex={-1}
        aria-hidden="true"
        readOnly
        value={session.value?.user.name}
      />
      <TextField
        label={t('password.current')}
        issue={issueOf(change.error, 'current')}
        type="password"
        value={current}
        onValue={setCurrent}
        autocomplete="current-password"
        required
      />
      <PasswordField label={t('password.next')} error={change.error} path="next" value={next} onValue={setNext} />
      <PasswordAgain first={next} value={again} onValue={setAgain} />
    </Form>
  )
}
