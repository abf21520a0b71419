// Keys of writers, and the ways in which clients of InfluxDB 1.x hand over what they think is a password.
import { hashSecret } from '../platform/ids.ts'
import type { Records } from '../stores/records/records.ts'

export type WriterIdentity = { id: string; name: string; intervalMs: number; maxHosts: number; revoked: boolean }

export type WriterKeys = {
  /** Who holds this key; null when nobody ever did. From memory after the first time. */
  find(key: string): Promise<WriterIdentity | null>
  /** Call it after the commit that revokes a writer. */
  forget(writerId: string): void
}

const KEPT_KEYS = 1_000

export function createWriterKeys(deps: { records: Records }): WriterKeys {
  const byHash = new Map<string, WriterIdentity>()
  let forgotten = 0
  return {
    async find(key) {
      const keyHash = hashSecret(key)
      const known = byHash.get(keyHash)
      if (known !== undefined) return known
      const forgottenBefore = forgotten
      const row = await deps.records
        .selectFrom('writer')
        .select(['id', 'name', 'interval_ms', 'max_hosts', 'revoked_at'])
        .where('key_hash', '=', keyHash)
        .executeTakeFirst()
      if (row === undefined) return null
      const { id, name } = row
      const identity = {
        ...{ id, name, intervalMs: row.interval_ms, maxHosts: row.max_hosts },
        revoked: row.revoked_at !== null,
      }
      // What was read before a revocation may be old by now: it is answered, and read again next time.
      if (forgotten === forgottenBefore && byHash.size < KEPT_KEYS) byHash.set(keyHash, identity)
      return identity
    },
    forget(writerId) {
      forgotten += 1
      for (const [keyHash, identity] of byHash) if (identity.id === writerId) byHash.delete(keyHash)
    },
  }
}

/**
 * The key of a request: "Token KEY", "Token USER:KEY", "Bearer KEY", Basic with any user name, or the query parameter `p`
 * (of `u` and `p`, https://docs.influxdata.com/influxdb/v1/administration/authentication_and_authorization/). The header
 * decides alone where there is one. null when no key came.
 */
export function writerKeyOf(request: { authorization: string | undefined; password: unknown }): string | null {
  const { authorization, password } = request
  if (authorization === undefined) return typeof password === 'string' && isKey(password) ? password : null
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isKey(credentials) ? credentials : null
    case 'token':
      return afterColon(credentials)
    case 'basic':
      return afterColon(Buffer.from(credentials, 'base64').toString('utf8'))
    default:
      return null
  }
}

function afterColon(credentials: string): string | null {
  const key = credentials.slice(credentials.indexOf(':') + 1)
  return isKey(key) ? key : null
}

const isKey = (text: string) => /^[\x21-\x7e]{1,500}$/.test(text)
