import type { RecordsTransaction } from '../stores/records/records.ts'

/** `wanted`, or with a number behind it where that one is taken. */
export async function freeSlug(tx: RecordsTransaction, wanted: string): Promise<string> {
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
