import type { Records, RecordsTransaction } from '../stores/records/records.ts'

export type NamedAgency = { id: string; name: string; shortName: string }

/** All that stand, in the order in which people look for them; what is outside the region owes no backups. */
export async function namesOfAgencies(records: Records | RecordsTransaction): Promise<Map<string, NamedAgency>> {
  const rows = await records
    .selectFrom('agency')
    .select(['id', 'name', 'short_name'])
    .where('removed_at', 'is', null)
    .where('kind', '!=', 'other')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return new Map(rows.map(row => [row.id, { id: row.id, name: row.name, shortName: row.short_name }]))
}
