import { slugOf } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** A slug for this name that no device has yet. */
export async function freeSlug(tx: RecordsTransaction, name: string): Promise<string> {
  const wanted = slugOf(name)
  const one = await tx.selectFrom('device').select('slug').where('slug', '=', wanted).executeTakeFirst()
  // Nearly always; looking for names that only begin so reads them all.
  if (one === undefined) return wanted
  const taken = await tx
    .selectFrom('device')
    .select('slug')
    .where(eb => eb.or([eb('slug', '=', wanted), eb('slug', 'like', `${wanted}-%`)]))
    .execute()
  const slugs = new Set(taken.map(row => row.slug))
  let slug = wanted
  for (let number = 2; slugs.has(slug); number += 1) slug = `${wanted}-${number}`
  return slug
}
