import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { recordId } from '../../protocol/shapes.ts'
import { defineVerb, type VerbContext, type VerbDeps } from '../access/verb.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { Vault } from '../stores/vault.ts'
import type { AssignmentBook } from './assignments.ts'
import { requireFreeCredentialName } from './create-credential.ts'
import { openPartOf, sealCredential } from './credential-secrets.ts'

type Deps = VerbDeps & { vault: Vault; assignments: AssignmentBook }

/** Another name, other secrets, or both. Errors: `not-found`, `name-taken`. */
export const updateCredential = defineVerb({
  name: 'credential.update',
  permission: 'agents:write',
  input: z.strictObject({ id: recordId, ...CALLS.updateCredential.body.shape }),
  async run({ deps, tx, at }: VerbContext<Deps>, { id, name, credential }) {
    if (name !== undefined) await requireFreeCredentialName(tx, name, id)
    const secrets = credential && {
      version: credential.version,
      open_part: JSON.stringify(openPartOf(credential)),
      sealed: sealCredential(deps.vault, id, credential),
    }
    const updated = await tx
      .updateTable('credential')
      .set({ changed_at: at, ...(name === undefined ? {} : { name }), ...secrets })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst()
    if (updated.numUpdatedRows === 0n) throw new ProblemError('not-found', 'There is no credential with this id')
    return { id }
  },
  audit: ({ id, name, credential }) => ({
    subject: id,
    detail: { name, secretsChanged: credential !== undefined, ...(credential && openPartOf(credential)) },
  }),
  committed: deps => deps.assignments.changed(null),
})
