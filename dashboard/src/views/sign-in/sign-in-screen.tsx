import { useState } from 'preact/hooks'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { LanguageSwitch, ThemeSwitch } from '../../app/menu.tsx'
import { navigate, query, route } from '../../app/navigation.ts'
import { safeNext } from '../../app/router.ts'
import { placeName, signedIn, welcome } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { BrandMark } from '../../ui/icons.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import '../../app/shell.css'

export function SignInScreen() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  useTitle(t('sign-in.title'))
  const signIn = useAction(async () => {
    const session = await call('signIn', { body: { name: name.trim(), password } })
    const next = route.value.screen === 'sign-in' ? safeNext(query.value.get('next')) : null
    if (next !== null) navigate(next, 'replace')
    signedIn(session)
  })
  return (
    <main class="gate" id="main" tabIndex={-1}>
      <BrandMark />
      <div>
        <h1>Pantau</h1>
        <p class="soft">{placeName.value}</p>
      </div>
      {welcome.value?.setUp === false && <p class="notice">{t('sign-in.not-set-up')}</p>}
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          void signIn.run()
        }}
      >
        <TextField
          label={t('sign-in.name')}
          value={name}
          onValue={setName}
          autocomplete="username"
          required
          autofocus
        />
        <TextField
          label={t('sign-in.password')}
          type="password"
          value={password}
          onValue={setPassword}
          autocomplete="current-password"
          required
        />
        <ErrorNotice error={signIn.error} />
        <Button type="submit" kind="primary" busy={signIn.busy}>
          {t('sign-in.action')}
        </Button>
      </form>
      <GateSwitches />
    </main>
  )
}

export function GateSwitches() {
  return (
    <div class="form-actions">
      <LanguageSwitch />
      <ThemeSwitch />
    </div>
  )
}
