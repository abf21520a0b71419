// The one-time link by which the first administrator is made.
import { timingSafeEqual } from 'node:crypto'
import { hashSecret, newSecret } from '../platform/ids.ts'
import type { Records, RecordsTransaction } from '../stores/records/records.ts'

const SETTING = 'set-up-link'
/** A link that stands in some log is not to work for ever; a new start makes a new one. */
export const SET_UP_LINK_LIFE_MS = 7 * 24 * 3_600_000

/** True once there is an administrator, active or not: then nobody can set up any more. */
export async function administratorExists(records: Records | RecordsTransaction): Promise<boolean> {
  const row = await records.selectFrom('user_account').select('id').where('role', '=', 'admin').executeTakeFirst()
  return row !== undefined
}

/**
 * Makes the secret of the link and forgets the one of the start before; null when an administrator exists. Only its
 * hash is kept: whoever reads the records can't set up.
 */
export async function prepareSetUpLink(deps: { records: Records; now: () => number }): Promise<string | null> {
  return deps.records.transaction().execute(async tx => {
    await tx.deleteFrom('setting').where('name', '=', SETTING).execute()
    if (await administratorExists(tx)) return null
    const secret = newSecret('pantau_setup')
    const value = JSON.stringify({ hash: hashSecret(secret), expiresAt: deps.now() + SET_UP_LINK_LIFE_MS })
    await tx.insertInto('setting').values({ name: SETTING, value }).execute()
    return secret
  })
}

export async function isSetUpLink(records: Records | RecordsTransaction, secret: string, at: number): Promise<boolean> {
  const row = await records.selectFrom('setting').select('value').where('name', '=', SETTING).executeTakeFirst()
  if (row === undefined) return false
  const link = JSON.parse(row.value) as { hash: string; expiresAt: number }
  return link.expiresAt > at && timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(link.hash))
}

export async function removeSetUpLink(tx: RecordsTransaction): Promise<void> {
  await tx.deleteFrom('setting').where('name', '=', SETTING).execute()
}
