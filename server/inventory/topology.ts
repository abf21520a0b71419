// Pure: who hangs on whom. A subject with several parents is reached as long as one of them is.

/** "`child` is reached through `parent`". */
export type Edge = { childId: string; parentId: string }

export type Topology = {
  parentsOf(id: string): string[]
  childrenOf(id: string): string[]
  /** All that are reached only through this one, directly or not; without itself. */
  cutOffBy(id: string): Set<string>
}

export function createTopology(edges: readonly Edge[]): Topology {
  const parents = Map.groupBy(edges, ({ childId }) => childId)
  const children = Map.groupBy(edges, ({ parentId }) => parentId)
  const parentsOf = (id: string) => (parents.get(id) ?? []).map(({ parentId }) => parentId)
  const childrenOf = (id: string) => (children.get(id) ?? []).map(({ childId }) => childId)
  return {
    parentsOf,
    childrenOf,
    cutOffBy(id) {
      const cut = new Set<string>([id])
      // A child joins when its last parent has; each one that joins may cut off its own children.
      const open = [id]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const child of childrenOf(next)) {
          if (cut.has(child) || !parentsOf(child).every(parent => cut.has(parent))) continue
          cut.add(child)
          open.push(child)
        }
      }
      cut.delete(id)
      return cut
    },
  }
}

/** Rings of parents, each by its members in order; empty when there is none. A ring has no root, so it must not be. */
export function cyclesOf(edges: readonly Edge[]): string[][] {
  const { parentsOf } = createTopology(edges)
  const cycles: string[][] = []
  const done = new Set<string>()
  function follow(id: string, path: string[]): void {
    const seenAt = path.indexOf(id)
    if (seenAt >= 0) {
      cycles.push(path.slice(seenAt))
      return
    }
    if (done.has(id)) return
    for (const parent of parentsOf(id)) follow(parent, [...path, id])
    done.add(id)
  }
  for (const { childId } of edges) follow(childId, [])
  return cycles
}

/**
 * Splits those that fail: roots are the ones that no failing parent explains, the others are unreachable. In a ring that
 * nobody explains all are roots, so that no failure is ever without one.
 */
export function rootCauses(
  failing: ReadonlySet<string>,
  topology: Topology,
): { roots: string[]; unreachable: string[] } {
  const explained = (id: string) => {
    const parents = topology.parentsOf(id)
    return parents.length > 0 && parents.every(parent => failing.has(parent))
  }
  const roots = [...failing].filter(id => !explained(id))
  const unreachable = new Set<string>()
  const open = [...roots]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const child of topology.childrenOf(next)) {
      if (!failing.has(child) || unreachable.has(child) || !explained(child)) continue
      unreachable.add(child)
      open.push(child)
    }
  }
  const orphans = [...failing].filter(id => explained(id) && !unreachable.has(id))
  return { roots: [...roots, ...orphans], unreachable: [...unreachable] }
}

export type SharedTrait = { what: 'site' | 'provider' | 'power'; id: string }

/** `siteId`, `providerId` and what the site hangs on, as far as they are known. */
export function traitsOf(subject: {
  siteId: string | null
  providerId: string | null
  powerFeed: string | null
}): SharedTrait[] {
  const traits = { site: subject.siteId, provider: subject.providerId, power: subject.powerFeed }
  return (['power', 'provider', 'site'] as const).flatMap(what => {
    const id = traits[what]
    return id === null ? [] : [{ what, id }]
  })
}

/**
 * What roots have in common: a trait that at least two subjects have, all of which fail. `traitsOf` also of those that
 * do not fail: one that still answers acquits its site or its provider.
 */
export function sharedCauses(
  roots: readonly string[],
  subjects: readonly { id: string; traits: readonly SharedTrait[] }[],
): (SharedTrait & { subjectIds: string[] })[] {
  const failing = new Set(roots)
  const byTrait = Map.groupBy(
    subjects.flatMap(({ id, traits }) => traits.map(trait => ({ id, trait }))),
    ({ trait }) => `${trait.what}\n${trait.id}`,
  )
  return [...byTrait.values()].flatMap(having => {
    const [first] = having
    if (first === undefined || having.length < 2 || !having.every(({ id }) => failing.has(id))) return []
    return [{ ...first.trait, subjectIds: having.map(({ id }) => id).sort() }]
  })
}
