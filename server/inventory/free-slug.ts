import { slugOf } from '../platform/ids.ts'
import type { RecordsTransaction } from '../stores/records/records.ts'

/** A slug for this name that nothing of its table has yet, not even what was removed. */
export async function freeSlug(
  tx: RecordsTransaction,
  name: string,
  table: 'device' | 'agency' | 'site' | 'provider' | 'link' = 'device',
): Promise<string> {
  const wanted = slugOf(name)
  const one = await tx.selectFrom('device').select('slug').where('slug', '=', wanted).executeTakeFirst()
  // Nearly always; looking for names that only begin so reads them all.
  if (one === undefined) return wanted
  const taken = await tx
    .selectFrom(table)
    .select('slug')
    .where(eb => eb.or([eb('slug', '=', wanted), eb('slug', 'like', `${wanted}-%`)]))
    .execute()
  const slugs = new Set(taken.map(row => row.slug))
  let slug = wanted
  for (let number = 2; slugs.has(slug); number += 1) slug = `${wanted}-${number}`
  return slug
}
