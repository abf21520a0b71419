import { useEffect, useRef } from 'preact/hooks'
import type { Language } from '../../../protocol/vocabulary.ts'
import { LANGUAGES } from '../../../protocol/vocabulary.ts'
import { call } from '../api/call.ts'
import { useAction } from '../api/use-action.ts'
import { language, t } from '../i18n/translate.ts'
import { Button } from '../ui/button.tsx'
import { AutoIcon, DarkIcon, FullScreenIcon, HelpIcon, LightIcon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Switch } from '../ui/switch.tsx'
import { helpOpen, toggleFullScreen } from './keyboard.ts'
import { Link } from './link.tsx'
import { place } from './navigation.ts'
import { keepLanguage, THEME_CHOICES } from './preferences.ts'
import { goToSignIn, session } from './session.ts'
import { chooseTheme, themeChoice } from './theme.ts'

const THEME_ICONS = { auto: AutoIcon, dark: DarkIcon, light: LightIcon }

function chooseLanguage(choice: Language) {
  language.value = choice
  keepLanguage(choice)
}

export function LanguageSwitch() {
  return (
    <Switch
      label={t('switch.language')}
      choices={LANGUAGES}
      chosen={language.value}
      onChoose={chooseLanguage}
      show={choice => choice.toUpperCase()}
    />
  )
}

export function ThemeSwitch() {
  return (
    <Switch
      label={t('switch.theme')}
      choices={THEME_CHOICES}
      chosen={themeChoice.value}
      onChoose={chooseTheme}
      show={choice => {
        const Icon = THEME_ICONS[choice]
        return <Icon />
      }}
      nameOf={choice => t(`theme.${choice}`)}
    />
  )
}

/** What a wide header shows at once; a narrow one keeps it in the menu. */
export function QuickSwitches() {
  return (
    <div class="quick">
      <LanguageSwitch />
      <ThemeSwitch />
      <Button
        kind="quiet"
        size="icon"
        aria-label={t('shell.full-screen')}
        title={`${t('shell.full-screen')} (f)`}
        onClick={() => void toggleFullScreen()}
      >
        <FullScreenIcon />
      </Button>
      <Button
        kind="quiet"
        size="icon"
        aria-label={t('help.title')}
        title={`${t('help.title')} (?)`}
        onClick={() => {
          helpOpen.value = true
        }}
      >
        <HelpIcon />
      </Button>
    </div>
  )
}

export function Menu() {
  const element = useRef<HTMLDetailsElement>(null)
  const signOut = useAction(async () => {
    await call('signOut')
    goToSignIn()
  })
  const { path } = place.value
  // A choice or a click elsewhere closes it, as everywhere.
  useEffect(() => {
    if (element.current !== null) element.current.open = false
    const close = (event: Event) => {
      const menu = element.current
      if (menu === null || !menu.open) return
      const isKey = event instanceof KeyboardEvent
      if (isKey ? event.key !== 'Escape' : menu.contains(event.target as Node)) return
      menu.open = false
      if (isKey) menu.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('keydown', close)
    }
  }, [path])
  const user = session.value?.user
  if (user === undefined) return null
  return (
    <details class="menu" ref={element}>
      <summary aria-label={t('shell.menu', { name: user.name })}>
        <span class="menu-face" aria-hidden="true">
          {user.name.slice(0, 1).toUpperCase()}
        </span>
      </summary>
      <div class="menu-sheet">
        <p class="menu-who">
          <strong>{user.name}</strong>
          <span class="faint">{t(`role.${user.role}`)}</span>
        </p>
        <div class="menu-switches">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
        <Link to="/settings/password">{t('settings.password')}</Link>
        <button
          type="button"
          onClick={() => {
            if (element.current !== null) element.current.open = false
            helpOpen.value = true
          }}
        >
          {t('help.title')}
        </button>
        <button type="button" disabled={signOut.busy} aria-busy={signOut.busy} onClick={() => void signOut.run()}>
          {t('shell.sign-out')}
        </button>
        <ErrorNotice error={signOut.error} />
        <p class="faint menu-version">Pantau {session.value?.version}</p>
      </div>
    </details>
  )
}
