// The only place in which secrets of SNMP credentials are sealed and opened.
import { z } from 'zod'
import { type OfferedCredential, type SnmpCredential, snmpCredential } from '../../protocol/snmp.ts'
import { AUTH_PROTOCOLS, PRIVACY_PROTOCOLS, SECURITY_LEVELS } from '../../protocol/snmp-words.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'

/** What may be shown of a credential. */
export const openPart = z.strictObject({
  user: z.string().nullable(),
  level: z.enum(SECURITY_LEVELS).nullable(),
  authProtocol: z.enum(AUTH_PROTOCOLS).nullable(),
  privacyProtocol: z.enum(PRIVACY_PROTOCOLS).nullable(),
})
export type OpenPart = z.output<typeof openPart>

export function openPartOf(credential: SnmpCredential): OpenPart {
  if (credential.version !== 'v3') return { user: null, level: null, authProtocol: null, privacyProtocol: null }
  const { user, level } = credential
  return {
    ...{ user, level, authProtocol: level === 'noAuth' ? null : credential.auth.protocol },
    privacyProtocol: level === 'authPriv' ? credential.privacy.protocol : null,
  }
}

export const sealCredential = (vault: Vault, id: string, credential: SnmpCredential): string =>
  vault.seal(JSON.stringify(credential), purposeOf(id))

export const openCredential = (vault: Vault, row: { id: string; sealed: string }): SnmpCredential =>
  snmpCredential.parse(JSON.parse(vault.open(row.sealed, purposeOf(row.id))))

const purposeOf = (id: string): string => `credential ${id}`

/** With their secrets, in the order of the ids. Errors: `not-found`. */
export async function openCredentials(
  tx: RecordsTransaction,
  vault: Vault,
  ids: readonly string[],
): Promise<OfferedCredential[]> {
  const rows = await tx
    .selectFrom('credential')
    .select(['id', 'sealed'])
    .where('id', 'in', [...ids])
    .where('removed_at', 'is', null)
    .execute()
  return ids.map(id => {
    const row = rows.find(one => one.id === id)
    if (row === undefined) throw new ProblemError('not-found', 'There is no credential with this id')
    return { id, credential: openCredential(vault, row) }
  })
}

/** Errors: `not-found`. */
export async function requireCredential(tx: RecordsTransaction, id: string): Promise<void> {
  const row = await tx
    .selectFrom('credential')
    .select('id')
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('not-found', 'There is no credential with this id')
}
