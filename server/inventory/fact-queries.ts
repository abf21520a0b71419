import { z } from 'zod'
import type { Records } from '../stores/records/records.ts'

const factValue = z.union([z.string(), z.number(), z.boolean()])

export type Fact = { name: string; value: string | number | boolean; at: number }

export async function factsOf(records: Records, subjectId: string): Promise<Fact[]> {
  const rows = await records
    .selectFrom('fact')
    .select(['name', 'value', 'at'])
    .where('subject_id', '=', subjectId)
    .orderBy('name')
    .execute()
  return rows.map(row => ({ name: row.name, value: factValue.parse(JSON.parse(row.value)), at: row.at }))
}
