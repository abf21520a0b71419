import type { Records, RecordsTransaction } from '../stores/records/records.ts'
import type { Edge } from './topology.ts'

export type KeptEdge = Edge & { source: 'person' | 'neighbour' }
export type DatedEdge = Edge & { from: number; until: number | null }

/** Who was reached through whom at a moment. */
export async function readEdges(records: Records | RecordsTransaction, at: number): Promise<KeptEdge[]> {
  const rows = await records
    .selectFrom('parent')
    .select(['child_id', 'parent_id', 'source'])
    .where('from_ms', '<=', at)
    .where(eb => eb.or([eb('until_ms', 'is', null), eb('until_ms', '>', at)]))
    .execute()
  return rows.map(row => ({ childId: row.child_id, parentId: row.parent_id, source: row.source }))
}

/** The parents that a subject had in a window, each from when to when. */
export async function readParentsOver(
  records: Records | RecordsTransaction,
  childId: string,
  window: { from: number; to: number },
): Promise<DatedEdge[]> {
  const rows = await records
    .selectFrom('parent')
    .selectAll()
    .where('child_id', '=', childId)
    .where('from_ms', '<', window.to)
    .where(eb => eb.or([eb('until_ms', 'is', null), eb('until_ms', '>', window.from)]))
    .execute()
  return rows.map(row => ({ childId: row.child_id, parentId: row.parent_id, from: row.from_ms, until: row.until_ms }))
}
