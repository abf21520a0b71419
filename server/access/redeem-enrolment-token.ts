import { hashSecret } from '../platform/ids.ts'
import { ProblemError } from '../platform/problem-error.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/**
 * Takes one use of the token in the transaction that enrols, so that an enrolment that fails costs none. Answers the
 * token's id for the audit log. Errors: `unauthenticated`, which says what to do.
 */
export async function redeemEnrolmentToken(
  tx: RecordsTransaction,
  secret: string,
  at: number,
): Promise<{ id: string }> {
  const token = await tx
    .selectFrom('enrolment_token')
    .select(['id', 'expires_at', 'uses_left', 'revoked_at'])
    .where('secret_hash', '=', hashSecret(secret))
    .executeTakeFirst()
  if (token === undefined) throw refusal('is not known here: copy it once more, whole')
  if (token.revoked_at !== null) throw refusal('was revoked: ask the NOC for a new one')
  if (token.expires_at <= at) throw refusal('has expired: ask the NOC for a new one')
  const taken = await tx
    .updateTable('enrolment_token')
    .set(update => ({ uses_left: update('uses_left', '-', 1) }))
    .where('id', '=', token.id)
    .where('uses_left', '>', 0)
    .returning('id')
    .executeTakeFirst()
  if (taken === undefined) throw refusal('is used up: ask the NOC for a new one')
  return taken
}

function refusal(what: string): ProblemError {
  return new ProblemError('unauthenticated', `This enrolment token ${what}`)
}
