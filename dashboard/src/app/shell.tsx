import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { wall } from '../live/live-state.ts'
import { BrandMark } from '../ui/icons.tsx'
import { Announcer } from './announcer.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { helpOpen } from './keyboard.ts'
import { Clock, Lamp, LostBanner } from './line-status.tsx'
import { Link } from './link.tsx'
import { Menu, QuickSwitches } from './menu.tsx'
import { route } from './navigation.ts'
import { placeName } from './session.ts'
import './shell.css'

/** The frame around every screen: who we are, where one can go, what time it is, whether the line lives. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {t('shell.skip')}
      </a>
      <header class="top">
        <Link to="/" class="brand" aria-label={`Pantau ${placeName.value}`.trim()}>
          <BrandMark />
          <span class="brand-words">
            <span class={placeName.value === '' ? 'brand-name brand-alone' : 'brand-name'}>Pantau</span>
            <span class="brand-place cut">{placeName.value}</span>
          </span>
        </Link>
        <Navigation />
        <div class="top-end">
          <QuickSwitches />
          <Lamp />
          <Clock />
          <Menu />
        </div>
      </header>
      <LostBanner />
      <main id="main" class="main" tabIndex={-1}>
        {children}
      </main>
      <Announcer />
      {helpOpen.value && <HelpDialog />}
    </div>
  )
}

const DUTY_SCREENS: readonly string[] = [
  ...['duties', 'duty', 'duty-calendar', 'exemptions', 'registers', 'register-record'],
]

function Navigation() {
  const { screen } = route.value
  const active = wall.value?.incidents.length ?? 0
  const current = (here: boolean) => (here ? 'page' : undefined)
  const row = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a phone the places are a row that scrolls: the present one shall be seen.
    if (screen !== 'not-found')
      row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [screen])
  return (
    <nav ref={row} class="nav" aria-label={t('shell.nav')}>
      <Link to="/" aria-current={current(screen === 'wall' || screen === 'server')}>
        {t('nav.wall')}
      </Link>
      <Link
        to="/devices"
        aria-current={current(screen === 'devices' || screen === 'device' || screen === 'add-device')}
      >
        {t('nav.devices')}
      </Link>
      <Link
        to="/network/links"
        aria-current={current(screen === 'network' || screen === 'link' || screen === 'agency')}
      >
        {t('nav.network')}
      </Link>
      <Link to="/backups/coverage" aria-current={current(screen === 'backups' || screen === 'dataset')}>
        {t('nav.backups')}
      </Link>
      <Link to="/incidents" aria-current={current(screen === 'incidents' || screen === 'incident')}>
        {t('nav.incidents')}
        {active > 0 && (
          <span class="nav-count">
            {active}
            <span class="visually-hidden"> {t('nav.active')}</span>
          </span>
        )}
      </Link>
      <Link to="/duties" aria-current={current(DUTY_SCREENS.includes(screen))}>
        {t('nav.duties')}
      </Link>
      <Link to="/settings" aria-current={current(screen === 'settings')}>
        {t('nav.settings')}
      </Link>
    </nav>
  )
}
