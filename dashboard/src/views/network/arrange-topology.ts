// Where each node of the topology is drawn: columns by how many steps it is from a root, rows so that lines cross little. Pure.
import type { TopologyView } from '../../../../protocol/links.ts'

export type Placed = { id: string; column: number; row: number }
export type Arrangement = { nodes: Placed[]; columns: number; rows: number; alone: string[] }

/** Nodes without any line are listed apart; a ring (which the collector refuses) would still end. */
export function arrangeTopology({ subjects, edges }: Pick<TopologyView, 'subjects' | 'edges'>): Arrangement {
  const connected = new Set(edges.flatMap(({ childId, parentId }) => [childId, parentId]))
  const parentsOf = Map.groupBy(edges, ({ childId }) => childId)
  const childrenOf = Map.groupBy(edges, ({ parentId }) => parentId)
  const depths = new Map<string, number>()
  function depthOf(id: string, path: ReadonlySet<string>): number {
    const known = depths.get(id)
    if (known !== undefined) return known
    if (path.has(id)) return 0
    const parents = parentsOf.get(id) ?? []
    const depth = Math.max(-1, ...parents.map(({ parentId }) => depthOf(parentId, new Set([...path, id])))) + 1
    depths.set(id, depth)
    return depth
  }
  const order = subjects.filter(({ id }) => connected.has(id)).map(({ id }) => id)
  for (const id of order) depthOf(id, new Set())

  // Rows by walking down from the roots: a parent stands beside the middle of its children.
  const rows = new Map<string, number>()
  let next = 0
  function place(id: string): number {
    const known = rows.get(id)
    if (known !== undefined) return known
    rows.set(id, -1)
    const own = (childrenOf.get(id) ?? [])
      .map(({ childId }) => childId)
      .filter(child => !rows.has(child) && depths.get(child) === (depths.get(id) ?? 0) + 1)
      .map(place)
    const row = own.length === 0 ? next++ : (Math.min(...own) + Math.max(...own)) / 2
    rows.set(id, row)
    return row
  }
  for (const id of [...order].sort((left, right) => (depths.get(left) ?? 0) - (depths.get(right) ?? 0))) place(id)
  return {
    nodes: order.map(id => ({ id, column: depths.get(id) ?? 0, row: rows.get(id) ?? 0 })),
    columns: Math.max(0, ...depths.values()) + 1,
    rows: Math.max(1, next),
    alone: subjects.filter(({ id }) => !connected.has(id)).map(({ id }) => id),
  }
}
