import { useEffect, useRef } from 'preact/hooks'
import type { Permission } from '../../../../protocol/vocabulary.ts'
import { Link } from '../../app/link.tsx'
import { navigate } from '../../app/navigation.ts'
import { pathOf, SETTINGS_SECTIONS, type SettingsSection } from '../../app/router.ts'
import { may } from '../../app/session.ts'
import { useTitle } from '../../app/use-title.ts'
import { t } from '../../i18n/translate.ts'
import { EmptyState } from '../../ui/notice.tsx'
import { AgentsSettings } from './agents-settings.tsx'
import { AuditSettings } from './audit-settings.tsx'
import { ChannelsSettings } from './channels-settings.tsx'
import { CredentialsSettings } from './credentials-settings.tsx'
import { PasswordSettings } from './password-settings.tsx'
import { PlacesSettings } from './places-settings.tsx'
import { RulesSettings } from './rules-settings.tsx'
import { TokensSettings } from './tokens-settings.tsx'
import { UsersSettings } from './users-settings.tsx'
import { WritersSettings } from './writers-settings.tsx'
import './settings.css'

/** What one must be allowed to see a section; null for everyone. */
const NEEDS: Record<SettingsSection, Permission | null> = {
  agents: 'read',
  places: 'read',
  writers: 'agents:write',
  credentials: 'agents:write',
  channels: 'channels:write',
  rules: 'read',
  users: 'users:write',
  tokens: 'tokens:write',
  audit: 'audit:read',
  password: null,
}

const SECTIONS = {
  agents: AgentsSettings,
  places: PlacesSettings,
  writers: WritersSettings,
  credentials: CredentialsSettings,
  channels: ChannelsSettings,
  rules: RulesSettings,
  users: UsersSettings,
  tokens: TokensSettings,
  audit: AuditSettings,
  password: PasswordSettings,
} satisfies Record<SettingsSection, () => unknown>

export function SettingsScreen({ section }: { section: SettingsSection | null }) {
  const allowed = SETTINGS_SECTIONS.filter(one => {
    const needed = NEEDS[one]
    return needed === null || may(needed)
  })
  const first = allowed[0] ?? 'password'
  const menu = useRef<HTMLElement>(null)
  useTitle(section === null ? t('nav.settings') : t(`settings.${section}`))
  useEffect(() => {
    if (section === null) navigate(pathOf({ screen: 'settings', section: first }), 'replace')
  }, [section, first])
  useEffect(() => {
    // On a phone the sections are a row that scrolls: the present one shall be seen.
    if (section !== null)
      menu.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [section])
  if (section === null) return null
  const Section = SECTIONS[section]
  return (
    <div class="page settings">
      <nav ref={menu} class="settings-nav" aria-label={t('nav.settings')}>
        {allowed.map(one => (
          <Link
            key={one}
            to={pathOf({ screen: 'settings', section: one })}
            aria-current={one === section ? 'page' : undefined}
          >
            {t(`settings.${one}`)}
          </Link>
        ))}
      </nav>
      <div class="settings-body">
        <h1>{t(`settings.${section}`)}</h1>
        {allowed.includes(section) ? (
          <Section />
        ) : (
          <EmptyState title={t('problem.forbidden')}>
            <p>{t('settings.forbidden')}</p>
          </EmptyState>
        )}
      </div>
    </div>
  )
}
