import { useState } from 'preact/hooks'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { session } from '../../app/session.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { toast } from '../../ui/toast.tsx'
import { PASSWORD_LEAST } from '../setup/setup-screen.tsx'

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
    <form
      class="card form"
      onSubmit={event => {
        event.preventDefault()
        if (!mismatch) void change.run()
      }}
    >
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
      <TextField
        label={t('password.next')}
        help={t('password.help', { least: PASSWORD_LEAST })}
        issue={issueOf(change.error, 'next')}
        type="password"
        value={next}
        onValue={setNext}
        autocomplete="new-password"
        minLength={PASSWORD_LEAST}
        required
      />
      <TextField
        label={t('password.again')}
        issue={mismatch ? t('password.mismatch') : null}
        type="password"
        value={again}
        onValue={setAgain}
        autocomplete="new-password"
        required
      />
      <ErrorNotice error={change.error} />
      <div class="form-actions">
        <Button type="submit" kind="primary" busy={change.busy}>
          {t('password.action')}
        </Button>
      </div>
    </form>
  )
}
