import { z } from 'zod'
import { CALLS } from '../../protocol/api.ts'
import { hashSecret, newId, newSecret } from '../platform/ids.ts'
import { enrolmentTokenViewOf } from './enrolment-token-queries.ts'
import { defineVerb, type VerbContext, type VerbDeps } from './verb.ts'

/**
 * The secret is answered this once; the records keep its hash. `refuseEnrolment` throws while agents could not find this
 * collector.
 */
export const createEnrolmentToken = defineVerb({
  name: 'enrolment-token.create',
  permission: 'agents:write',
  input: z.strictObject({ ...CALLS.createEnrolmentToken.body.shape }),
  async run({ deps, tx, actor, at }: VerbContext<VerbDeps & { refuseEnrolment?: () => void }>, input) {
    deps.refuseEnrolment?.()
    const secret = newSecret('pantau_enrol')
    const row = await tx
      .insertInto('enrolment_token')
      .values({
        id: newId(at),
        label: input.label,
        secret_hash: hashSecret(secret),
        created_at: at,
        created_by: actor.id,
        expires_at: at + input.validForS * 1000,
        uses_left: input.uses,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    return { token: enrolmentTokenViewOf(row), secret }
  },
  audit: (_input, { token }) => ({ subject: token.id, detail: { uses: token.usesLeft, expiresAt: token.expiresAt } }),
})
