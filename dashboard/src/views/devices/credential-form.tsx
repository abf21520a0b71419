import { useState } from 'preact/hooks'
import type { CredentialView } from '../../../../protocol/device-calls.ts'
import type { SnmpCredential } from '../../../../protocol/snmp.ts'
import {
  AUTH_PROTOCOLS,
  PRIVACY_PROTOCOLS,
  SECURITY_LEVELS,
  SNMP_LIMITS,
  SNMP_VERSIONS,
} from '../../../../protocol/snmp-words.ts'
import { issueOf } from '../../api/api-error.ts'
import { call } from '../../api/call.ts'
import { useAction } from '../../api/use-action.ts'
import { t } from '../../i18n/translate.ts'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, NameField } from '../../ui/form.tsx'

const EMPTY = { community: '', user: '', authKey: '', privacyKey: '' }
const oneOf = <T extends string>(list: readonly T[], value: string, otherwise: T): T =>
  list.find(one => one === value) ?? otherwise

type FormProps = {
  /** The one whose secrets are put in place; null for a new one. */
  present: CredentialView | null
  onKept: (credential: CredentialView) => void
  onCancel?: () => void
}

/** Secrets go in and are never shown again. */
export function CredentialForm({ present, onKept, onCancel }: FormProps) {
  const [name, setName] = useState(present?.name ?? '')
  const [version, setVersion] = useState<(typeof SNMP_VERSIONS)[number]>(present?.version ?? 'v2c')
  const [level, setLevel] = useState<(typeof SECURITY_LEVELS)[number]>(present?.level ?? 'authPriv')
  const [auth, setAuth] = useState<(typeof AUTH_PROTOCOLS)[number]>(present?.authProtocol ?? 'sha256')
  const [privacy, setPrivacy] = useState<(typeof PRIVACY_PROTOCOLS)[number]>(present?.privacyProtocol ?? 'aes128')
  const [texts, setTexts] = useState({ ...EMPTY, user: present?.user ?? '' })
  const credential = (): SnmpCredential => {
    if (version !== 'v3') return { version, community: texts.community }
    const { user } = texts
    if (level === 'noAuth') return { version, level, user }
    const proven = { version, user, auth: { protocol: auth, key: texts.authKey } }
    if (level === 'auth') return { ...proven, level }
    return { ...proven, level, privacy: { protocol: privacy, key: texts.privacyKey } }
  }
  const keep = useAction(async () => {
    const body = { name: name.trim(), credential: credential() }
    const kept =
      present === null
        ? await call('createCredential', { body })
        : await call('updateCredential', { params: { id: present.id }, body })
    setTexts(EMPTY)
    onKept(kept)
  })
  const text = (field: keyof typeof EMPTY, label: string, path: string, isSecret: boolean) => (
    <TextField
      label={label}
      issue={issueOf(keep.error, `credential.${path}`)}
      type={isSecret ? 'password' : 'text'}
      autocomplete="off"
      value={texts[field]}
      onValue={value => setTexts({ ...texts, [field]: value })}
      minLength={path.endsWith('key') ? SNMP_LIMITS.leastKey : 1}
      maxLength={path.endsWith('key') ? SNMP_LIMITS.key : SNMP_LIMITS.community}
      required
    />
  )
  return (
    <Form save={keep} frame={present === null ? 'card' : 'none'} action={t('credentials.create')} onCancel={onCancel}>
      <div class="form-row">
        <NameField
          save={keep}
          label={t('credentials.name')}
          placeholder={t('credentials.name.placeholder')}
          value={name}
          onValue={setName}
          maxLength={100}
        />
        <SelectField
          label={t('credentials.version')}
          value={version}
          onValue={value => setVersion(oneOf(SNMP_VERSIONS, value, 'v2c'))}
          choices={SNMP_VERSIONS.map(value => ({ value, label: t(`credentials.version.${value}`) }))}
        />
      </div>
      {version !== 'v3' && text('community', t('credentials.community'), 'community', true)}
      {version === 'v3' && (
        <div class="form-row">
          {text('user', t('credentials.user'), 'user', false)}
          <SelectField
            label={t('credentials.level')}
            value={level}
            onValue={value => setLevel(oneOf(SECURITY_LEVELS, value, 'authPriv'))}
            choices={SECURITY_LEVELS.map(value => ({ value, label: t(`credentials.level.${value}`) }))}
          />
        </div>
      )}
      {version === 'v3' && level !== 'noAuth' && (
        <div class="form-row">
          <SelectField
            label={t('credentials.auth')}
            help={t('credentials.md5')}
            value={auth}
            onValue={value => setAuth(oneOf(AUTH_PROTOCOLS, value, 'sha256'))}
            choices={AUTH_PROTOCOLS.map(value => ({ value, label: value.replace('sha', 'SHA-') }))}
          />
          {text('authKey', t('credentials.auth-key'), 'auth.key', true)}
        </div>
      )}
      {version === 'v3' && level === 'authPriv' && (
        <div class="form-row">
          <SelectField
            label={t('credentials.privacy')}
            value={privacy}
            onValue={value => setPrivacy(oneOf(PRIVACY_PROTOCOLS, value, 'aes128'))}
            choices={PRIVACY_PROTOCOLS.map(value => ({ value, label: PRIVACY_NAMES[value] }))}
          />
          {text('privacyKey', t('credentials.privacy-key'), 'privacy.key', true)}
        </div>
      )}
    </Form>
  )
}

const PRIVACY_NAMES = { aes128: 'AES-128', aes256: 'AES-256', 'aes256-cisco': 'AES-256 (Cisco)' } as const

/** "SNMPv3, authPriv, SHA-256, AES-128" */
export function credentialText(view: CredentialView): string {
  const { version, user, level, authProtocol, privacyProtocol } = view
  const parts = [
    `SNMP${version}`,
    ...[user, level, authProtocol?.replace('sha', 'SHA-')],
    privacyProtocol === null ? null : PRIVACY_NAMES[privacyProtocol],
  ]
  return parts.filter(Boolean).join(', ')
}
