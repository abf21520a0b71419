import { useState } from 'preact/hooks'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { Link } from '../../app/link.tsx'
import { navigate, place } from '../../app/navigation.ts'
import { placeName, signedIn } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { BrandMark } from '../../ui/icons.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { PasswordAgain, PasswordField } from '../../ui/password-field.tsx'
import { GateSwitches } from '../sign-in/sign-in-screen.tsx'

/** The first administrator, by the one-time link. Its secret stands behind the # so that no server log ever sees it. */
export function SetupScreen() {
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const link = decodeURIComponent(place.value.hash.slice(1))
  const mismatch = again !== '' && again !== password
  useTitle(t('setup.title'))
  const setUp = useAction(async () => {
    const session = await call('setUp', {
      body: { link, name: name.trim(), displayName: displayName.trim(), password },
    })
    // The link is used up: it shall not stay in the address bar or the history.
    navigate('/', 'replace')
    signedIn(session)
  })
  return (
    <main class="gate" id="main" tabIndex={-1}>
      <BrandMark />
      <div>
        <h1>{t('setup.title')}</h1>
        <p class="soft">{placeName.value === '' ? t('setup.text') : t('setup.text.of', { place: placeName.value })}</p>
      </div>
      {link === '' ? (
        <div class="notice">
          <p>{t('setup.no-link')}</p>
          <Link to="/sign-in">{t('setup.to-sign-in')}</Link>
        </div>
      ) : (
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault()
            if (!mismatch) void setUp.run()
          }}
        >
          <TextField
            label={t('setup.name')}
            help={t('setup.name.help')}
            issue={issueOf(setUp.error, 'name')}
            value={name}
            onValue={setName}
            autocomplete="username"
            pattern="[a-z0-9][a-z0-9._\-]+"
            required
            autofocus
          />
          <TextField
            label={t('setup.display-name')}
            issue={issueOf(setUp.error, 'displayName')}
            value={displayName}
            onValue={setDisplayName}
            autocomplete="name"
            maxLength={100}
            required
          />
          <PasswordField
            label={t('setup.password')}
            error={setUp.error}
            path="password"
            value={password}
            onValue={setPassword}
          />
          <PasswordAgain first={password} value={again} onValue={setAgain} />
          <ErrorNotice error={setUp.error} />
          <Button type="submit" kind="primary" busy={setUp.busy}>
            {t('setup.action')}
          </Button>
        </form>
      )}
      <GateSwitches />
    </main>
  )
}
