import type netSnmp from 'net-snmp'
import type { V3Credential } from './session.ts'
import { createPasswordToKey } from './v3-keys.ts'

const AUTH = {
  md5: 'md5',
  sha1: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
} as const
const PRIVACY = { aes128: 'aes', aes256: 'aes256b', 'aes256-cisco': 'aes256r' } as const

let loaded: Promise<typeof netSnmp> | undefined

/** net-snmp, with its cache of keys, which would hold passwords for ever, replaced by our own. Loaded when first asked for. */
export function loadNetSnmp(): Promise<typeof netSnmp> {
  loaded ??= import('net-snmp').then(({ default: library }) => {
    library.Authentication.passwordToKey = createPasswordToKey()
    return library
  })
  return loaded
}

export function userOf(library: typeof netSnmp, credential: V3Credential) {
  const { SecurityLevel, AuthProtocols, PrivProtocols } = library
  const { user: name, level } = credential
  if (level === 'noAuth') return { name, level: SecurityLevel.noAuthNoPriv }
  const { protocol, key } = credential.auth
  const signed = { name, authProtocol: AuthProtocols[AUTH[protocol]], authKey: key }
  if (level === 'auth') return { ...signed, level: SecurityLevel.authNoPriv }
  const { privacy } = credential
  const hidden = { privProtocol: PrivProtocols[PRIVACY[privacy.protocol]], privKey: privacy.key }
  return { ...signed, ...hidden, level: SecurityLevel.authPriv }
}
