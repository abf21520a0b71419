import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { newId } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'
import type { Vault } from '../stores/vault.ts'
import { openPartOf, sealCredential } from './credential-secrets.ts'

/** Keeps an SNMP credential, sealed. Errors: `name-taken`. */
export const createCredential = defineVerb({
  name: 'credential.create',
  permission: 'agents:write',
  input: z.strictObject({ ...CALLS.createCredential.body.shape }),
  async run({ deps, tx, at }: VerbContext<VerbDeps & { vault: Vault }>, { name, credential }) {
    await requireFreeCredentialName(tx, name, null)
    const id = newId(at)
    await tx
      .insertInto('credential')
      .values({
        ...{ id, name, version: credential.version, open_part: JSON.stringify(openPartOf(credential)) },
        ...{ sealed: sealCredential(deps.vault, id, credential), created_at: at, changed_at: at, removed_at: null },
      })
      .execute()
    return { id }
  },
  audit: ({ name, credential }, { id }) => ({
    subject: id,
    detail: { name, version: credential.version, ...openPartOf(credential) },
  }),
})

/** Errors: `name-taken` by another than `id`. */
export async function requireFreeCredentialName(tx: RecordsTransaction, name: string, id: string | null) {
  const taken = await tx
    .selectFrom('credential')
    .select('id')
    .where('name', '=', name)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (taken !== undefined && taken.id !== id) {
    throw new ProblemError('name-taken', `There is a credential called ${name}`, {
      issues: [{ path: 'name', message: 'This name is in use', code: 'taken' }],
    })
  }
}
