import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { hashSecret, newId, newSecret } from '../platform/ids.ts'
import { requireOwnPermissions } from './own-permissions.ts'
import { apiTokenViewOf } from './token-queries.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

/** The secret is answered this once; the records keep its hash. Errors: `forbidden` for a scope one lacks oneself. */
export const createApiToken = defineVerb({
  name: 'api-token.create',
  permission: 'tokens:write',
  input: z.strictObject({ ...CALLS.createApiToken.body.shape }),
  async run({ tx, actor, at }: VerbContext<VerbDeps>, input) {
    requireOwnPermissions(actor, input.scopes)
    const secret = newSecret('pantau_api')
    const row = await tx
      .insertInto('api_token')
      .values({
        id: newId(at),
        label: input.label,
        secret_hash: hashSecret(secret),
        scopes: JSON.stringify([...new Set(input.scopes)]),
        created_at: at,
        created_by: actor.id,
        expires_at: input.validForS === null ? null : at + input.validForS * 1000,
        last_used_at: null,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return { token: apiTokenViewOf(row), secret }
  },
  audit: (_input, { token }) => ({ subject: token.id, detail: { scopes: token.scopes, expiresAt: token.expiresAt } }),
})
