import { isIP } from 'node:net'
import type { OfferedCredential, SnmpCredential, SnmpTarget } from '../../protocol/snmp.ts'
import { AUTH_PROTOCOLS, PRIVACY_PROTOCOLS, SNMP_LIMITS } from '../../protocol/snmp-words.ts'

// By hand and as strict as the schemas in protocol/, which would cost the agent 19 MB. A test holds both against each
// other.

export type Fields = Record<string, unknown>

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

/** The fields of an object that has exactly these. */
export function exactly(value: unknown, names: readonly string[]): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const keys = Object.keys(value)
  if (keys.length !== names.length || !names.every(name => Object.hasOwn(value, name))) return undefined
  return { ...value }
}

export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value)

export const isWhole = (value: unknown, [least, most]: readonly [number, number]): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most

/** A plain IPv4 or IPv6 address: no name to look up, no zone, nothing that could be taken for an option. */
export function isAddress(value: unknown): value is string {
  return typeof value === 'string' && isIP(value) !== 0 && !value.includes('%')
}

export const isPort = (value: unknown): value is number => isWhole(value, [1, 65_535])

const isText = (value: unknown, least: number, most: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= most

/** Each of a list by `parse`; undefined when it is none, has too few or too many, or any item is refused. */
export function listOf<T>(
  value: unknown,
  [least, most]: readonly [number, number],
  parse: (item: unknown) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(value) || value.length < least || value.length > most) return undefined
  const items: T[] = []
  for (const item of value) {
    const parsed = parse(item)
    if (parsed === undefined) return undefined
    items.push(parsed)
  }
  return items
}

function parseKey<P extends string>(value: unknown, protocols: readonly P[]): { protocol: P; key: string } | undefined {
  const fields = exactly(value, ['protocol', 'key'])
  const protocol = protocols.find(one => one === fields?.protocol)
  if (protocol === undefined || !isText(fields?.key, SNMP_LIMITS.leastKey, SNMP_LIMITS.key)) return undefined
  return { protocol, key: fields.key }
}

function parseCredential(value: unknown): SnmpCredential | undefined {
  const byCommunity = exactly(value, ['version', 'community'])
  if (byCommunity !== undefined) {
    const { version, community } = byCommunity
    if ((version !== 'v1' && version !== 'v2c') || !isText(community, 1, SNMP_LIMITS.community)) return undefined
    return { version, community }
  }
  const fields =
    exactly(value, ['version', 'level', 'user']) ??
    exactly(value, ['version', 'level', 'user', 'auth']) ??
    exactly(value, ['version', 'level', 'user', 'auth', 'privacy'])
  if (fields?.version !== 'v3' || !isText(fields.user, 1, SNMP_LIMITS.user)) return undefined
  const { user, level } = fields
  const hasAuth = Object.hasOwn(fields, 'auth')
  const hasPrivacy = Object.hasOwn(fields, 'privacy')
  if (level === 'noAuth') return hasAuth ? undefined : { version: 'v3', level, user }
  const auth = parseKey(fields.auth, AUTH_PROTOCOLS)
  if (auth === undefined) return undefined
  if (level === 'auth') return hasPrivacy ? undefined : { version: 'v3', level, user, auth }
  const privacy = parseKey(fields.privacy, PRIVACY_PROTOCOLS)
  if (level !== 'authPriv' || privacy === undefined) return undefined
  return { version: 'v3', level, user, auth, privacy }
}

export function parseOfferedCredential(value: unknown): OfferedCredential | undefined {
  const fields = exactly(value, ['id', 'credential'])
  const credential = parseCredential(fields?.credential)
  return credential === undefined || !isId(fields?.id) ? undefined : { id: fields.id, credential }
}

const TARGET_FIELDS = ['deviceId', 'address', 'port', 'credential', 'intervalMs', 'timeoutMs', 'retries', 'trapPort']

export function parseSnmpTarget(value: unknown): SnmpTarget | undefined {
  const fields = exactly(value, TARGET_FIELDS)
  if (fields === undefined) return undefined
  const { deviceId, address, port, intervalMs, timeoutMs, retries, trapPort } = fields
  const credential = parseCredential(fields.credential)
  if (credential === undefined || !isId(deviceId) || !isAddress(address) || !isPort(port)) return undefined
  if (!isWhole(intervalMs, SNMP_LIMITS.intervalMs) || !isWhole(timeoutMs, SNMP_LIMITS.timeoutMs)) return undefined
  if (!isWhole(retries, SNMP_LIMITS.retries) || !(trapPort === null || isPort(trapPort))) return undefined
  return { deviceId, address, port, credential, intervalMs, timeoutMs, retries, trapPort }
}
